"""Search: names in any script, sentences, types; on the real engine with the bundled case."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engines import clear

from graph.explore import inspector
from graph.explore.search import search
from graph.model.search_text import name_text, said_text, skeleton
from graph.model.text import fold
from graph.model.types import SCHEMA
from graph.store.store import Store

CASE = "twitter-blocking-orders-2021"

# Invented and common names, each with a spelling in another script.
PAIRS = (
    ("Narendra Desai", "नरेंद्र देसाई"), ("Narendra Desai", "नरेन्द्र देसाई"),
    ("Narendra Desai", "Нарендра Десаи"), ("Narendra Desai", "নরেন্দ্র দেসাই"),
    ("Narendra Moti", "நரேந்திர மோடி"), ("Narendra Modi", "ناريندرا مودي"),
    ("Jack Darcy", "Джек Дарси"), ("Jack Darcy", "जैक डार्सी"),
    ("Ravi Shankar", "रवि शंकर"), ("Ravi Shankar", "Рави Шанкар"),
    ("Ajay Prakash Sahni", "अजय प्रकाश साहनी"), ("Sawhney", "साहनी"),
    ("Jim Baker", "जिम बेकर"), ("Jim Baker", "Джим Бейкер"),
    ("Twitter", "ट्विटर"), ("Twitter", "Твиттер"), ("Twitter", "تويتر"),
    ("Google", "गूगल"), ("Google", "Гугл"), ("Facebook", "फेसबुक"), ("Facebook", "Фейсбук"),
    ("Sachin Tendulkar", "सचिन तेंदुलकर"), ("Amitabh Bachchan", "अमिताभ बच्चन"),
    ("Mahatma Gandhi", "महात्मा गांधी"), ("Mahatma Gandhi", "Махатма Ганди"),
    ("Vladimir Petrov", "व्लादिमीर पेत्रोव"), ("Mikhail Khodorkovsky", "Михаил Ходорковский"),
    ("Alexei Navalny", "Алексей Навальный"), ("Volodymyr Zelensky", "Володимир Зеленський"),
    ("Sergei Shoigu", "Сергей Шойгу"), ("Yevgeny Prigozhin", "Евгений Пригожин"),
    ("Lech Walesa", "Lech Wałęsa"), ("Recep Erdogan", "Recep Erdoğan"),
    ("Giorgos Papandreou", "Γιώργος Παπανδρέου"), ("Alexis Tsipras", "Αλέξης Τσίπρας"),
    ("Haruki Murakami", "はるき むらかみ"), ("Mohammed bin Salman", "محمد بن سلمان"),
    ("Hassan Rouhani", "حسن روحانی"), ("Meera Devgan", "मीरा देवगन"),
    ("Ilka Voss", "Илка Восс"), ("Ilka Voss", "इल्का वोस"), ("Tomas Reed", "Томас Рид"),
    ("Tomas Reed", "टॉमस रीड"), ("Janak Sampath", "जनक संपत"),
    ("Oona Fern", "ऊना फर्न"), ("Chandrashekhar Rao", "चंद्रशेखर राव"),
    ("Xi Jinping", "习近平"),
)  # fmt: skip


@pytest.mark.parametrize(("latin", "other"), PAIRS)
def test_a_name_sounds_the_same_in_both_scripts(latin: str, other: str) -> None:
    one, two = fold(latin).split(), fold(other).split()
    whole = skeleton("".join(one)) == skeleton("".join(two))
    assert whole or list(map(skeleton, one)) == list(map(skeleton, two))


def test_names_that_are_not_alike_do_not_sound_alike() -> None:
    words = ["baker", "dorsey", "prasad", "sawhney", "modi", "gandhi", "tendulkar", "voss", "reed"]
    assert len({skeleton(word) for word in words}) == len(words)


def test_what_is_indexed_is_letters_and_tokens_alone() -> None:
    text = name_text("case", "Person", ["Ilka “V.” Voss", "इल्का", "Ilka “V.” Voss"])
    names, _, tokens = text.partition(" | ")
    assert names == "ilka v voss / ilka"
    assert all(token.startswith("0") for token in tokens.split())
    assert said_text("case", "A*b").startswith("a b | 0c")
    assert said_text("case", "A*b").endswith(" ab")
    # A script without spaces makes one word of many sentences: no index takes that as a token.
    long = said_text("case", "新闻，" * 20_000)
    assert max(map(len, long.split())) <= 80


def captions(store: Store, text: str) -> list[str]:
    return [found.caption for found in search(store, CASE, text).names]


@pytest.mark.parametrize(
    "text",
    [
        "Jack Dorsey",
        "dors",
        "JACK",
        "dorsy",
        "जैक",
        "джек дорси",
        "джек",
        "person: dorsey",
        "people:ja",
    ],
)
def test_a_person_is_found(loaded_store: Store, text: str) -> None:
    assert captions(loaded_store, text)[0] == "Jack Dorsey"


@pytest.mark.parametrize("text", ["twitter", "Твиттер", "ट्विटर", "تويتر", "organization:tw"])
def test_the_name_itself_comes_first(loaded_store: Store, text: str) -> None:
    assert captions(loaded_store, text)[0] == "Twitter"


@pytest.mark.parametrize(
    "text", ["", "  ", "*", "a/b:(", "zzz", '+-&|!(){}[]^"~*?:\\/', "person:zzz"]
)
def test_what_is_no_name_breaks_nothing(loaded_store: Store, text: str) -> None:
    search(loaded_store, CASE, text)
    assert search(loaded_store, "another-case", "twitter").is_empty


def test_a_type_alone_lists_what_is_of_it(loaded_store: Store) -> None:
    found = search(loaded_store, CASE, "order:")
    assert [one.kind for one in found.names] == ["order"] * 3
    assert not found.said
    claims = search(loaded_store, CASE, "claim:")
    assert not claims.names
    assert {one.label for one in claims.said} == {"Claim"}
    assert claims.more_said
    assert {one.label for one in search(loaded_store, CASE, "passages:").said} == {"Passage"}


def test_what_is_said_is_found_with_its_status(loaded_store: Store) -> None:
    found = search(loaded_store, CASE, "twitter", said=20)
    kinds = {one.kind for one in found.said}
    assert "statement" in kinds
    assert "claim" in kinds
    assert any(kind.startswith("passage of Article") for kind in kinds)
    only = search(loaded_store, CASE, "claim:fake bot", said=20)
    assert not only.names
    assert {one.kind for one in only.said} == {"claim", "claim, alleged"}


def test_a_passage_opens_a_claim_that_it_supports(loaded_store: Store) -> None:
    found = search(loaded_store, CASE, "passage:insufficient").said
    rows = loaded_store.read(
        "MATCH (c:Claim) WHERE c.id IN $ids RETURN count(c) AS n", {"ids": [f.id for f in found]}
    )
    assert rows[0]["n"] == len(found) > 0


@pytest.mark.parametrize(
    "text", ["article a", "Article A", "ARTICLE a", "source:article", "sources: a", "артикле"]
)
def test_a_source_is_found_by_its_name(loaded_store: Store, text: str) -> None:
    found = search(loaded_store, CASE, text).sources
    assert (found[0].caption, found[0].kind, found[0].label) == ("Article A", "source", "Source")
    assert found[0].id == f"{CASE}:article-a"


def test_sources_are_left_out_where_an_entity_is_wanted(loaded_store: Store) -> None:
    assert search(loaded_store, CASE, "article a", said=0, sources=0).is_empty
    only = search(loaded_store, CASE, "source:")
    assert not only.names
    assert not only.said
    assert {one.label for one in only.sources} == {"Source"}
    cut = search(loaded_store, CASE, "source:", sources=1)
    assert (len(cut.sources), cut.more_sources) == (1, True)


def test_a_source_opens_with_its_passages_and_what_they_support(loaded_store: Store) -> None:
    found = inspector.source(loaded_store, f"{CASE}:article-a", 5)
    assert found is not None
    assert (found.caption, found.status, found.confidential) == ("Article A", "current", False)
    assert ("publisher", "not known") in found.properties
    assert ("published on", "12 Feb 2021") in found.properties
    assert len(found.passages) == 5 < found.total
    places = [passage.start for passage in found.passages if passage.start is not None]
    assert len(places) == len(found.passages)
    assert places == sorted(places)
    claim = found.passages[0].supports[0]
    detail = inspector.claim(loaded_store, claim.claim)
    assert detail is not None
    assert detail.sentence == claim.sentence
    assert found.passages[0].id in {evidence.passage for evidence in detail.evidence}
    assert inspector.is_source(loaded_store, found.id)
    for other in (f"{CASE}:twitter", found.passages[0].id, "nothing"):
        assert inspector.source(loaded_store, other, 5) is None
        assert not inspector.is_source(loaded_store, other)


def test_what_is_cut_says_so(loaded_store: Store) -> None:
    found = search(loaded_store, CASE, "twitter", names=2, said=1)
    assert (len(found.names), len(found.said)) == (2, 1)
    assert found.more_names
    assert found.more_said


@pytest.fixture
def two_names(empty: Store) -> Callable[[str], list[str]]:
    """Searches a graph that knows one name in Devanagari and one in Cyrillic."""
    from graph.ingest import statements

    empty.set_up(list(statements.set_up(SCHEMA)), SCHEMA.fulltext)
    for id_, name in (("x:1", "मीरा देवगन"), ("x:2", "Томас Рид")):
        empty.write(
            "CREATE (n:Entity:Person) SET n = $row",
            {"row": {
                "id": id_, "case": "x", "caption": name, "search": name_text("x", "Person", [name]),
            }},
        )  # fmt: skip
    return lambda text: [found.id for found in search(empty, "x", text).names]


def test_a_latin_query_finds_names_in_other_scripts(
    two_names: Callable[[str], list[str]],
) -> None:
    assert two_names("Meera Devgan") == ["x:1"]
    assert two_names("devg") == ["x:1"]
    assert two_names("tomas reed") == ["x:2"]
    assert two_names("टॉमस रीड") == ["x:2"]
    assert two_names("Oona Fern") == []


# Names with something inside a word, the ways of writing it, and a name that is nearly the same.
MARKED = {
    "Miriam O'Brien": (
        "obrien", "o'brien", "o brien", "O’Brien", "oʼbrien", "Oʻbrien", "o`brien", "O´Brien",
        "o′brien", "O＇BRIEN", "o-brien", "o·brien", "o\u00adbrien", "o\u200bbrien", "miriam obr",
        "miriam o'br", "miriamobrien", "obrien miriam", "person:obrien",
    ),
    "Miriamʼs Dʼarcy": ("darcy", "d arcy", "d'arcy", "miriams", "miriam s d arcy"),
    "Jean-Luc Morel": (
        "jean luc", "jeanluc", "jean-luc", "jean‑luc", "Jean–Luc", "jean—luc", "jean−luc",
        "jean’luc", "jean\u2060luc", "jean\u200dluc", "morel jeanluc",
    ),
    "Al-Qa'idan Ferry Lines": (
        "al qaidan", "alqaidan", "al-qaidan", "al qa idan", "al-qa’idan", "alqa'idan",
        "qaidan ferry",
    ),
    "Pere Col·lell": ("collell", "col·lell", "col lell", "col•lell", "col-lell"),
    "צה״לי דביר": ("צהלי", 'צה"לי', "צה׳׳לי", "צה לי", "צה״לי"),
    "ג׳ורדן כהן־אור": ("גורדן", "ג'ורדן", "כהן אור", "כהן-אור", "כהןאור"),
    "Вʼячеслав Кут": ("вячеслав", "в'ячеслав", "в’ячеслав", "в ячеслав", "vyacheslav"),
    "علی\u200cرضا نوری": ("علیرضا", "علی رضا", "علی\u200cرضا", "علی-رضا"),
    "アンナ・ベル": ("アンナベル", "アンナ・ベル", "アンナ ベル", "アンナ-ベル"),
    "A.B.C. Haulage": ("abc haulage", "a.b.c.", "a b c", "a-b-c haulage"),
    "Soft\u00adhyphen Mills": ("softhyphen", "soft hyphen", "soft-hyphen"),
}  # fmt: skip


@pytest.fixture(scope="module")
def named(store: Store) -> Callable[[str], list[str]]:
    """Searches a graph of names with marks in them; gives the names that it found, in order."""
    from graph.ingest import statements

    clear(store)
    store.set_up(list(statements.set_up(SCHEMA)), SCHEMA.fulltext)
    for number, name in enumerate((*MARKED, "Miriam Brienne", "Jeanette Lucas", "Kai Obrienov")):
        store.write(
            "CREATE (n:Entity:Person) SET n = $row",
            {"row": {
                "id": f"x:{number}", "case": "x", "caption": name,
                "search": name_text("x", "Person", [name]),
            }},
        )  # fmt: skip
    return lambda text: [found.caption for found in search(store, "x", text).names]


@pytest.mark.slow
def test_a_mark_inside_a_word_is_found_with_without_and_as_a_space(
    named: Callable[[str], list[str]],
) -> None:
    missed = [
        (name, text)
        for name, texts in MARKED.items()
        for text in (name, *texts)
        if name not in named(text)[:1]
    ]
    assert missed == [], missed


def test_a_mark_in_what_is_asked_finds_a_name_without(named: Callable[[str], list[str]]) -> None:
    assert "Kai Obrienov" in named("o'brienov")
    assert "Jeanette Lucas" in named("jean-ette")
    assert named("o'brien")[0] == "Miriam O'Brien", "the name itself stands first"


def test_a_sentence_is_found_likewise(store: Store, empty: Store) -> None:
    from graph.ingest import statements

    empty.set_up(list(statements.set_up(SCHEMA)), SCHEMA.fulltext)
    said = "The sub-committee met O’Hara’s 1,398 pickers"
    empty.write(
        "CREATE (c:Claim) SET c = $row",
        {"row": {
            "id": "x:c", "case": "x", "sentence": said, "strongest": "reported",
            "search": said_text("x", said),
        }},
    )  # fmt: skip
    for text in ("subcommittee", "sub committee", "ohara", "o'hara", "1398", "1,398", "1 398"):
        assert [found.caption for found in search(empty, "x", text).said] == [said], text


def test_what_an_older_version_stored_is_found_as_before(empty: Store) -> None:
    from graph.ingest import statements

    empty.set_up(list(statements.set_up(SCHEMA)), SCHEMA.fulltext)
    old = name_text("x", "Person", ["Miriam O Brien"])
    empty.write(
        "CREATE (n:Entity:Person) SET n = $row",
        {"row": {"id": "x:1", "case": "x", "caption": "Miriam O'Brien", "search": old}},
    )
    for text in ("o'brien", "o brien", "miriam o’brien"):
        assert [found.id for found in search(empty, "x", text).names] == ["x:1"]
