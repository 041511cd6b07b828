"""Damages clean sentences as tools do: one function a kind, each on its own words, by a given chance."""

import re

KINDS = ["glue", "quotes", "ocr", "translation", "spinning", "mojibake", "cut", "country"]
# Damage of no tool in particular, which the head alone learns from: words of the same report in others' places,
# words moved, lost and strayed.
LESSONS = ["replaced", "shuffled"]

OCR = [("rn", "m"), ("m", "rn"), ("h", "b"), ("e", "c"), ("l", "1"), ("o", "0"), ("i", "l"), ("cl", "d"), ("d", "cl"),
       ("li", "h"), ("ri", "n"), ("u", "ii"), ("vv", "w"), ("w", "vv"), ("t", "f"), ("s", "5"), ("g", "q"), ("n", "ri"),
       ("tt", "lt"), ("fi", "h"), ("a", "o"), ("c", "e")]
PREPOSITIONS = ["in", "on", "at", "of", "to", "for", "from", "by", "with", "about", "over", "under", "against", "into"]
ARTICLES = ["the", "a", "an"]
AUXILIARIES = [("has", "have"), ("have", "has"), ("is", "are"), ("are", "is"), ("was", "were"), ("were", "was"),
               ("his", "its"), ("its", "his"), ("who", "which"), ("that", "what"), ("they", "it"), ("this", "these"),
               ("many", "much"), ("will", "would to"), ("can", "can to")]
ADJECTIVE = re.compile(r"^[a-z]+(al|ic|ive|ous|ary|ish|ful|less|ern|ign|ent|ant)$")
# What word-spinners put for the words of news.
SPUN = dict(
    row.split("=")
    for row in (
        "president=head honcho;government=authorities body;minister=clergyman;attack=assault strike blow;police=constabulary;"
        "killed=slaughtered dead;people=individuals folk;war=warfare fight;said=expressed;country=nation state land;"
        "election=political decision;vote=ballot cast;leader=pioneer;campaign=crusade;state=province condition;"
        "official=functionary;report=answer account;economy=financial system;money=cash moolah;company=firm outfit;"
        "market=bazaar;support=backing up;policy=arrangement;meeting=gathering assembly;city=metropolis town;new=modern novel;"
        "big=huge large;important=vital weighty;told=educated;called=referred to as;made=manufactured;found=observed;"
        "help=assist aid;work=toil;public=community open;group=bunch;party=celebration;plan=blueprint;law=regulation rule;"
        "court=tribunal yard;judge=adjudicator;deal=bargain arrangement;talks=conversations chats;peace=tranquility;"
        "army=armed force;soldiers=troopers warriors;weapons=armaments guns;border=boundary fringe;security=safety measure;"
        "force=power drive;power=electricity might;house=residence dwelling;school=faculty;children=youngsters kids;"
        "women=ladies females;man=guy fellow;family=own circle;death=passing demise;life=existence;water=aqua fluid;"
        "food=meals nourishment;fire=hearth blaze;air=breeze;oil=lubricant;gas=petrol fume;trade=commerce swap;"
        "tax=duty levy;budget=price range;bank=financial institution;crisis=emergency disaster time;problem=hassle trouble;"
        "question=query inquiry;issue=difficulty problem;right=proper privilege;rights=privileges;freedom=liberty;"
        "history=records past;future=destiny;past=beyond bygone;change=alternate;start=begin commence;end=quit finish;"
        "increase=boom growth;decrease=lower decline;show=exhibit;give=deliver supply;get=acquire obtain;take=take away grab;"
        "use=utilize make use of;keep=maintain hold;hold=preserve keep;think=suppose assume;know=recognize understand;"
        "believe=consider trust;want=need desire;need=want require;try=attempt strive;ask=inquire request;"
        "became=have become;began=started out;held=held on to;led=drove guided;sent=despatched;brought=introduced delivered;"
        "went=traveled;came=got here;left=departed remaining;won=gained triumphed;lost=misplaced;paid=compensated;"
        "against=towards opposed to;after=following on;before=earlier than;because=due to the fact;between=among amid;"
        "many=numerous plentiful;several=a few various;most=maximum;more=greater extra;less=fewer lesser;first=primary initial;"
        "last=closing final;next=subsequent;early=untimely;late=tardy;long=lengthy;short=brief quick;high=excessive elevated;"
        "low=little down;good=accurate decent;bad=awful terrible;great=awesome extraordinary;small=tiny minor;old=vintage aged;"
        "young=youthful;strong=sturdy robust;hard=tough difficult;free=loose unfastened;clear=clean apparent;"
        "federal=government national;national=countrywide public;foreign=overseas outside;international=worldwide global;"
        "military=navy martial;political=politic-minded;economic=monetary financial;social=societal;local=neighborhood nearby;"
        "republican=conservative;democratic=vote-based;american=yankee;senator=congressperson;candidate=applicant hopeful;"
        "presidential=official presidency;debate=banter discussion;supporters=allies backers;voters=electors citizens;"
        "members=individuals participants;spokesman=representative mouthpiece;statement=announcement assertion;"
        "decision=choice verdict;investigation=examination probe;charges=expenses accusations;prison=jail penitentiary;"
        "month=thirty days;year=12 months;week=seven days;day=day time;night=nighttime;morning=forenoon;"
        "however=but however;also=additionally likewise;still=nonetheless yet;already=as of now;often=frequently regularly;"
        "years=a long time;days=days and nights;hours=long stretches;million=mn;percent=rate;nearly=almost close to;"
        "area=region zone;region=locale area;town=township;village=hamlet;street=avenue road;road=avenue street;"
        "workers=employees laborers;jobs=occupations;business=commercial enterprise;industry=enterprise;"
        "program=application;system=gadget framework;information=data facts;media=press outlets;news=information tidings;"
        "according=in step;including=together with;during=throughout;while=even as;about=approximately;around=round"
    ).split(";")
)
# Other words for other synonyms, to measure what was not learned by heart (`damaged_news.py --other`).
OTHER_SPUN = dict(
    row.split("=")
    for row in (
        "president=top dog;government=governing administration;minister=preacher;attack=onslaught hit;police=cops law;"
        "killed=murdered lifeless;people=humans persons;war=battle combat;said=stated voiced;country=homeland soil;"
        "election=choosing polls;vote=poll choice;leader=chieftain head;campaign=marketing drive;state=kingdom;"
        "official=bureaucrat reliable;report=file document;economy=monetary machine;money=dough funds;company=enterprise;"
        "market=marketplace;support=help aid;policy=coverage;meeting=get together;city=township;new=brand fresh;"
        "big=massive giant;important=crucial necessary;told=informed instructed;called=named dubbed;made=crafted produced;"
        "found=located observed;help=guide serve;work=labor paintings;public=populace overt;group=cluster band;"
        "party=birthday bash;plan=scheme layout;law=legislation statute;court=courtroom;judge=choose referee;"
        "deal=discount contract;talks=speaks discussions;peace=calm serenity;army=military legion;soldiers=infantrymen;"
        "weapons=guns hardware;border=frontier edge;security=protection guard;force=pressure strength;power=strength energy;"
        "house=home mansion;school=college academy;children=kids offspring;women=girls;man=male human;family=household kin;"
        "death=loss of life;life=lifestyles;water=liquid;food=meal fare;fire=flame burn;air=atmosphere;oil=grease petroleum;"
        "trade=exchange barter;tax=tariff charge;budget=finances;bank=lender shore;problem=trouble dilemma;"
        "question=doubt ask;issue=matter subject;history=chronicle;future=destiny tomorrow;change=exchange shift;"
        "start=kick off;end=stop cease;show=display reveal;give=provide hand;get=receive fetch;take=seize carry;"
        "use=employ apply;keep=preserve store;think=reckon ponder;know=understand realize;believe=trust suppose;"
        "want=wish crave;try=endeavor strive;ask=query plead;began=commenced kicked off;led=headed steered;"
        "sent=dispatched mailed;went=headed journeyed;left=abandoned quit;won=conquered;lost=mislaid;paid=remunerated;"
        "against=versus in opposition to;after=following behind;before=prior ahead;because=on account that;"
        "many=countless loads of;several=multiple assorted;most=maximum number;more=additional further;last=ultimate;"
        "early=premature;long=prolonged;high=lofty tall;good=precise nice;bad=horrific;great=notable first rate;"
        "small=little petite;old=antique;young=juvenile;strong=robust mighty;hard=arduous;free=gratis unfettered;"
        "national=countrywide;foreign=alien overseas;international=global;military=army navy;economic=financial fiscal;"
        "local=native regional;voters=balloters;members=contributors;spokesman=mouthpiece;statement=declaration word;"
        "decision=selection;investigation=inquiry research;prison=penitentiary;month=moon;year=twelvemonth;"
        "week=sennight;day=daylight;night=darkness;morning=dawn time;however=though nevertheless;also=moreover too;"
        "still=even so;already=by now;years=annums;area=zone place;region=vicinity;workers=toilers staffers;jobs=gigs;"
        "program=software;system=machine;information=info;media=press;including=inclusive of;during=for the duration of;"
        "while=whilst at the same time;about=round approximately"
    ).split(";")
)
OTHER_OCR = [("u", "v"), ("v", "y"), ("r", "t"), ("ll", "11"), ("g", "9"), ("z", "2"), ("in", "m"), ("nt", "m"), ("tl", "d"),
             ("o", "c"), ("e", "o"), ("s", "a"), ("b", "6"), ("S", "8"), ("ri", "ii"), ("f", "l")]
COUNTRIES = ("Russia Ukraine China Iran Iraq Syria Israel Turkey France Germany Britain Italy Spain Poland Japan India Pakistan "
             "Afghanistan Egypt Libya Sudan Somalia Kenya Nigeria Mexico Brazil Cuba Canada Australia Jordan Lebanon Yemen "
             "Serbia Georgia Greece Kuwait Cambodia Vietnam Indonesia Thailand Colombia Venezuela Argentina Rwanda").split()
MOJIBAKE = {"’": "â€™", "‘": "â€˜", "“": "â€œ", "”": "â€\x9d", "—": "â€”", "–": "â€“", "é": "Ã©", "'": "â€™", '"': "â€œ"}


def others():
    """From here on other words and other letters are put than those that anything learns from."""
    global SPUN, OCR
    SPUN, OCR = OTHER_SPUN, OTHER_OCR


def words_of(text):
    return re.findall(r"\S+", text)


def damage(text, kind, rng, report):
    """The sentence damaged in this way, or None where it can't be."""
    return globals()[kind](text, rng, report)


def some(items, rng, most, share):
    """At least one of the items, at most this many, about this share."""
    count = max(1, min(most, round(len(items) * share * rng.uniform(0.6, 1.4))))
    return rng.sample(items, min(count, len(items)))


def glue(text, rng, report):
    words = words_of(text)
    joints = [i for i in range(1, len(words)) if words[i - 1][-1].isalnum() or words[i - 1][-1] in ".,"]
    if not joints:
        return None
    at = set(some(joints, rng, 3, 0.08))
    out = words[0]
    for i, word in enumerate(words[1:], 1):
        out += word if i in at else " " + word
    return out


def quotes(text, rng, report):
    pairs = re.findall(r"[\"“”]", text)
    if not pairs:
        return None
    if rng.random() < 0.5:
        return re.sub(r"[\"“”]", "", text)
    # One sign is lost, the other strays.
    places = [m.start() for m in re.finditer(r"[\"“”]", text)]
    drop = rng.choice(places)
    return text[:drop] + text[drop + 1 :]


def ocr(text, rng, report):
    words = words_of(text)
    able = [i for i, w in enumerate(words) if len(w) >= 4 and w.isalpha()]
    if not able:
        return None
    for i in some(able, rng, 5, 0.15):
        fits = [(a, b) for a, b in OCR if a in words[i][1:]]
        if fits:
            a, b = rng.choice(fits)
            at = [m.start() for m in re.finditer(a, words[i]) if m.start() > 0]
            if at:
                k = rng.choice(at)
                words[i] = words[i][:k] + b + words[i][k + len(a) :]
    return " ".join(words)


def translation(text, rng, report):
    words = words_of(text)
    edits = max(2, round(len(words) * 0.12))
    for _ in range(edits * 4):
        if edits == 0 or len(words) < 4:
            break
        i = rng.randrange(1, len(words) - 1)
        word = words[i]
        way = rng.random()
        if word in PREPOSITIONS and way < 0.6:
            words[i] = rng.choice([p for p in PREPOSITIONS if p != word])
        elif word in ARTICLES and way < 0.7:
            del words[i]
        elif word in dict(AUXILIARIES) and way < 0.7:
            words[i] = dict(AUXILIARIES)[word]
        elif ADJECTIVE.match(word) and words[i + 1].isalpha() and words[i + 1].islower() and way < 0.8:
            words[i], words[i + 1] = words[i + 1], word
        elif word[0].isupper() and words[i - 1] not in ARTICLES and way < 0.3:
            words.insert(i, "the")
        elif word.islower() and word.isalpha() and len(word) > 4 and way < 0.12:
            words.insert(i, rng.choice(["the", "of the", "of"]))
        else:
            continue
        edits -= 1
    return " ".join(words)


def spinning(text, rng, report):
    words = words_of(text)
    able = [i for i, w in enumerate(words) if w.strip(".,").lower() in SPUN]
    if not able:
        return None
    for i in some(able, rng, 9, 0.75):
        core = words[i].strip(".,")
        spun = SPUN[core.lower()]
        spun = spun.capitalize() if core[0].isupper() else spun
        words[i] = words[i].replace(core, spun)
    return " ".join(words)


def mojibake(text, rng, report):
    out = "".join(MOJIBAKE.get(c, c) for c in text)
    return out if out != text else None


def cut(text, rng, report):
    words = words_of(text)
    able = [i for i, w in enumerate(words) if len(w) >= 6 and w.isalpha() and w.islower()]
    if not able:
        return None
    way = rng.random()
    if way < 0.35:
        # The end of a word, torn off, after the sentence.
        word = words[rng.choice(able)]
        return text + rng.choice([" -", " ‘", " "]) + word[len(word) // 2 :] + "."
    for i in some(able, rng, 3, 0.12):
        k = rng.randrange(2, len(words[i]) - 2)
        words[i] = words[i][:k] if way < 0.6 else words[i][k:] if way < 0.8 else words[i][:k] + " " + words[i][k:]
    return " ".join(words)


def country(text, rng, report):
    named = [c for c in COUNTRIES if re.search(rf"\b{c}\b", text) and len(re.findall(rf"\b{c}\b", report)) > 1]
    if not named:
        return None
    old = rng.choice(named)
    # Engines mostly put another name of the same report.
    others = [c for c in COUNTRIES if c != old and c in report] or [c for c in COUNTRIES if c != old]
    return re.sub(rf"\b{old}\b", rng.choice(others), text, count=1)


def replaced(text, rng, report):
    words = words_of(text)
    able = [i for i, w in enumerate(words) if w.isalpha() and len(w) > 2 and (w.islower() or i > 0)]
    pool = [w for w in words_of(report) if w.isalpha() and len(w) > 2]
    if not able or not pool:
        return None
    for i in some(able, rng, 4, 0.1):
        fits = [w for w in rng.sample(pool, min(60, len(pool))) if w[0].isupper() == words[i][0].isupper()]
        ending = [w for w in fits if w[-2:] == words[i][-2:]]
        if fits:
            words[i] = rng.choice(ending or fits)
    return " ".join(words)


def shuffled(text, rng, report):
    words = words_of(text)
    for _ in range(max(1, round(len(words) * 0.06))):
        if len(words) < 5:
            return None
        i, way = rng.randrange(1, len(words) - 1), rng.random()
        if way < 0.35:
            words[i], words[i + 1] = words[i + 1], words[i]
        elif way < 0.6:
            del words[i]
        elif way < 0.8:
            words.insert(i, rng.choice(words_of(report)))
        else:
            words.insert(rng.randrange(1, len(words) - 1), words.pop(i))
    return " ".join(words)
