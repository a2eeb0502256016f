"""What every implementation of the registry promises."""

from __future__ import annotations

from bot.core.audience import Person
from bot.ports import Registry
from tests.store.samples import ANA, NOON, TEAM, later

ANA_HERSELF = Person(
    id=ANA,
    team=TEAM,
    name="Ana Núñez",
    first_name="Ana",
    email="ana@example.com",
    groups=frozenset({"board", "staff"}),
    guest=True,
    external=True,
    timezone="Europe/Madrid",
    locale="es",
)


def test_nothing_is_known_of_a_stranger(registry: Registry) -> None:
    assert registry.person(TEAM, ANA) is None
    assert registry.usergroups(TEAM) == {}


def test_a_person_comes_back_as_they_were_remembered(registry: Registry) -> None:
    registry.remember(ANA_HERSELF, NOON)

    assert registry.person(TEAM, ANA) == (ANA_HERSELF, NOON)


def test_the_newest_profile_counts(registry: Registry) -> None:
    registry.remember(ANA_HERSELF, NOON)
    registry.remember(Person(ANA, TEAM, name="Ana N."), later(days=1))

    assert registry.person(TEAM, ANA) == (Person(ANA, TEAM, name="Ana N."), later(days=1))


def test_the_same_id_in_another_team_is_somebody_else(registry: Registry) -> None:
    registry.remember(ANA_HERSELF, NOON)
    registry.remember_usergroup(TEAM, "S1", frozenset({ANA}), NOON)

    assert registry.person("T2", ANA) is None
    assert registry.usergroups("T2") == {}


def test_user_groups_have_the_members_last_remembered(registry: Registry) -> None:
    registry.remember_usergroup(TEAM, "S1", frozenset({ANA, "U2"}), NOON)
    registry.remember_usergroup(TEAM, "S2", frozenset({ANA}), NOON)
    registry.remember_usergroup(TEAM, "S2", frozenset(), later(days=1))

    assert registry.usergroups(TEAM) == {"S1": frozenset({ANA, "U2"}), "S2": frozenset()}
