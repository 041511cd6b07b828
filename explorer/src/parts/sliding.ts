// A graph that stays smooth where drawing it is slow.

import type Graph from 'graphology';
import Sigma from 'sigma';
import type { Settings } from 'sigma/settings';
import type { CameraState } from 'sigma/types';

/** Milliseconds that a frame may take to be drawn; a screen shows sixty a second. */
const IN_TIME = 10;
/** Milliseconds without a move after which the picture is drawn anew. */
const REST = 200;
/** The part of the view that may lie bare before the picture is drawn anew though it still moves. */
const BARE = 0.5;

/**
 * Where a drawing takes longer than a frame, as thousands of lines do without a graphics card, what was
 * drawn last is pushed and stretched with the camera, and drawn anew when the camera rests.
 */
export class Sliding extends Sigma {
  /** What the camera saw when the picture was drawn; nothing while it must be drawn anew anyway. */
  private seen: CameraState | null = null;
  private slow = false;
  private began = 0;
  private weighing = false;
  private rest = 0;

  constructor(graph: Graph, box: HTMLElement, settings: Partial<Settings>) {
    super(graph, box, { ...settings, enableCameraRotation: false });
    this.seen = this.getCamera().getState();
    this.on('beforeRender', () => {
      this.began = performance.now();
    });
    this.on('afterRender', () => {
      const moved = this.seen !== null;
      this.seen = this.getCamera().getState();
      this.place(1, 0, 0);
      // What is new takes longer than what has only moved.
      if (this.weighing && !moved) super.scheduleRender();
      else if (this.weighing) this.weighed();
    });
  }

  /** Draws once more to see how long it takes. */
  weigh(): void {
    this.weighing = true;
    super.scheduleRender();
  }

  private weighed(): void {
    this.weighing = false;
    // To ask for a point of the picture waits for it.
    const gl = this.getCanvases().edges!.getContext('webgl2');
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    this.slow = performance.now() - this.began > IN_TIME;
  }

  override refresh(how?: Parameters<Sigma['refresh']>[0]): this {
    this.seen = null;
    return super.refresh(how);
  }

  override scheduleRender(): this {
    if (!this.slow || !this.seen || this.weighing || !this.slide(this.seen)) return super.scheduleRender();
    clearTimeout(this.rest);
    this.rest = window.setTimeout(() => super.scheduleRender(), REST);
    return this;
  }

  override kill(): void {
    clearTimeout(this.rest);
    super.kill();
  }

  /** Puts the picture where the camera has gone, unless too much of the view would be bare. */
  private slide(before: CameraState): boolean {
    const now = this.getCamera().getState();
    const { width, height } = this.getDimensions();
    const origin = { x: 0, y: 0 };
    const [from, to] = [before, now].map((cameraState) =>
      this.framedGraphToViewport(origin, { cameraState }),
    ) as [typeof origin, typeof origin];
    const scale = before.ratio / now.ratio;
    const [x, y] = [to.x - scale * from.x, to.y - scale * from.y];
    const covered = (at: number, size: number) =>
      Math.max(0, Math.min(size, at + scale * size) - Math.max(0, at)) / (size * Math.min(1, scale));
    if (covered(x, width) * covered(y, height) < 1 - BARE) return false;
    this.place(scale, x, y);
    return true;
  }

  private place(scale: number, x: number, y: number): void {
    const moved = scale !== 1 || x !== 0 || y !== 0;
    this.getContainer().toggleAttribute('data-sliding', moved);
    for (const [layer, canvas] of Object.entries(this.getCanvases())) {
      if (layer !== 'mouse') {
        canvas.style.transform = moved ? `translate(${x}px, ${y}px) scale(${scale})` : '';
      }
    }
  }
}
