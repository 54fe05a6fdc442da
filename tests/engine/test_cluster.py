"""What a cluster asks of its clients: who reads where, who writes where, and who sees what."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator

import pytest
from engines import Under
from fault_proxy import Proxy

from graph.errors import CredentialsError, QueryRefused
from graph.store.store import Store

pytestmark = pytest.mark.neo4j


def port_of(store: Store) -> int:
    return int(store.info.address.rpartition(":")[2])


@pytest.fixture
def cluster(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Three members before the server under test, to which the environment leads."""
    with Proxy(port_of(store), members=3) as proxy:
        monkeypatch.setenv("NEO4J_URI", proxy.uri)
        yield proxy


@pytest.fixture
def analyst(store: Store, engine: Under, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A user of the server's whom the environment names as the reader."""
    if engine.name == "neo4j":
        pytest.skip("makes a user, which a server that is not the tests' own must not get")
    password = secrets.token_urlsafe(12)
    system = store._current().writer
    with system.session(database="system") as session:
        session.run(
            "CREATE OR REPLACE USER analyst SET PASSWORD $password CHANGE NOT REQUIRED",
            {"password": password},
        ).consume()
    monkeypatch.setenv("SUTRA_READ_USERNAME", "analyst")
    monkeypatch.setenv("SUTRA_READ_PASSWORD", password)
    yield "analyst"
    with system.session(database="system") as session:
        session.run("DROP USER analyst").consume()


# --- routing ------------------------------------------------------------------------------------


def test_the_servers_own_routing_table_is_followed(
    empty: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy(port_of(empty)) as proxy:
        monkeypatch.setenv("NEO4J_URI", proxy.uri)
        with Store.open() as store:
            assert store.info.address == proxy.uri
            store.write("CREATE (:Entity {id: 'routed'})")
            assert store.read("MATCH (n:Entity) RETURN n.id AS id") == [{"id": "routed"}]
        assert (proxy.writes, len(proxy.seen) >= 2) == ([1], True)


def test_reads_go_to_followers_and_writes_to_the_leader(empty: Store, cluster: Proxy) -> None:
    with Store.open() as store:
        cluster.reads, cluster.writes = [0, 0, 0], [0, 0, 0]
        for number in range(6):
            store.write("CREATE (:Entity {id: $n})", {"n": number})
            assert len(store.read("MATCH (n:Entity) RETURN n.id AS id")) == number + 1
        assert len(list(store.stream("MATCH (n:Entity) RETURN n.id AS id"))) == 6
        assert store.explain("MATCH (n:Entity) RETURN n.id AS id") is not None
    assert cluster.writes == [6, 0, 0]
    assert (cluster.reads[0], sum(cluster.reads)) == (0, 8)


def test_writes_follow_the_leader_at_once(empty: Store, cluster: Proxy) -> None:
    with Store.open() as store:
        store.write("CREATE (:Entity {id: 'before'})")
        cluster.elect()
        store.write("CREATE (:Entity {id: 'after'})")
        # One that the old leader refused, one that the new one took.
        assert cluster.writes == [2, 1, 0]
    assert len(empty.read("MATCH (n:Entity) RETURN n")) == 2


# --- causal consistency -------------------------------------------------------------------------


@pytest.mark.parametrize("separate", [False, True], ids=["one-login", "a-login-for-reading"])
def test_a_read_waits_for_what_was_written_before_it(
    separate: bool, empty: Store, cluster: Proxy, request: pytest.FixtureRequest
) -> None:
    if separate:
        request.getfixturevalue("analyst")
    reads: tuple[Callable[[Store], object], ...] = (
        lambda store: store.read("MATCH (n:Entity) RETURN n.id AS id"),
        lambda store: store.read("MATCH (n:Entity) RETURN n.id AS id", timeout=5, limit=3),
        lambda store: list(store.stream("MATCH (n:Entity) RETURN n.id AS id")),
        lambda store: store.explain("MATCH (n:Entity) RETURN n.id AS id"),
    )
    with Store.open() as store:
        for number, read in enumerate(reads):
            store.write("CREATE (:Entity {id: $n})", {"n": number})
            read(store)
            assert cluster.given
            assert cluster.seen[-1] == {cluster.given[-1]}
        assert len(set(cluster.given)) == len(reads)


def test_a_load_begins_with_what_other_programs_wrote(empty: Store, cluster: Proxy) -> None:
    with Store.open() as store:
        store.write("CREATE (:Entity {id: 'ours'})")
        empty.write("CREATE (:Entity {id: 'theirs'})")  # by another way: no bookmark of it here
        store.catch_up()
        store.read("MATCH (n:Entity) RETURN n.id AS id")
    ours, latest = cluster.given
    assert cluster.seen[-1] == {latest}
    assert latest != ours


# --- a login for reading ------------------------------------------------------------------------


def test_reads_are_made_with_the_readers_login(empty: Store, analyst: str) -> None:
    with Store.open() as store:
        assert store.read("SHOW CURRENT USER YIELD user") == [{"user": analyst}]
        assert [row["user"] for row in store.stream("SHOW CURRENT USER YIELD user")] == [analyst]
        store.write("CREATE (:Entity {id: 'by the writer'})")
        assert len(store.read("MATCH (n:Entity) RETURN n")) == 1
        # Community gives every user all rights: the transaction that only reads is what refuses.
        with pytest.raises(QueryRefused):
            store.read("CREATE (:Entity)")


def test_a_wrong_login_for_reading_is_said(
    empty: Store, analyst: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUTRA_READ_PASSWORD", "not-the-password")
    with pytest.raises(CredentialsError, match="SUTRA_READ_USERNAME") as caught:
        Store.open()
    assert "not-the-password" not in str(caught.value)
