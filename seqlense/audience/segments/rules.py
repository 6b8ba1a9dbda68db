"""Rules: alternatives of which one must hold; in each, for every feature named, one of the classes named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self
from uuid import UUID

from seqlense.audience.segments.errors import InvalidRule
from seqlense.privacy import features
from seqlense.privacy.features.reading import Reading

type Alternative = Mapping[str, frozenset[str]]
"""Feature → classes; somebody falls into it who falls into one of the classes of each feature."""

MOST_ALTERNATIVES: Final = 3


@dataclass(frozen=True)
class Said:
    """A condition in words, and whether somebody meets it. values: theirs, in words."""

    label: str
    wanted: Sequence[str]
    values: Sequence[str]
    met: bool


@dataclass(frozen=True)
class Rule:
    """Everybody meets a rule without alternatives; nobody one that names what no longer exists."""

    alternatives: tuple[Alternative, ...] = ()

    @classmethod
    def parse(cls, data: Any, activity: str) -> Self:
        """A rule as a form or a row holds it: a list of {feature: [classes]}.

        Raises InvalidRule for a shape that is none, for features that the register doesn't offer to the
        activity, and for classes that the feature doesn't have.
        """
        rule = cls.stored(data)
        if len(rule.alternatives) > MOST_ALTERNATIVES:
            raise InvalidRule("segments.rule.too-long")
        if not all(rule.alternatives):
            raise InvalidRule("segments.rule.empty")
        offered = features.offered(activity)
        for one in rule.alternatives:
            for key, codes in one.items():
                if key not in offered:
                    raise InvalidRule("segments.rule.feature")
                if not codes or not codes <= set(offered[key].values()):
                    raise InvalidRule("segments.rule.value")
        return rule

    @classmethod
    def stored(cls, data: Any) -> Self:
        """A rule as a row holds it, whatever became of its features since. Raises InvalidRule."""
        if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
            raise InvalidRule
        found: list[Alternative] = []
        for one in data:
            if not all(
                isinstance(codes, list) and all(isinstance(c, str) for c in codes) for codes in one.values()
            ):
                raise InvalidRule
            found.append({str(key): frozenset(codes) for key, codes in one.items()})
        return cls(tuple(found))

    @property
    def data(self) -> list[dict[str, list[str]]]:
        """As a row holds it."""
        return [{key: sorted(codes) for key, codes in one.items()} for one in self.alternatives]

    @property
    def features(self) -> frozenset[str]:
        """Those that it names."""
        return frozenset(key for one in self.alternatives for key in one)

    def broken(self, activity: str) -> bool:
        """Whether it names a feature or a class that no longer exists, or that may no longer be read."""
        try:
            type(self).parse(self.data, activity)
        except InvalidRule:
            return True
        return False

    def meeting(self, reading: Reading) -> frozenset[UUID]:
        """Of the people of a reading, those who meet it."""
        if not self.features <= set(reading.features):
            return frozenset()
        if not self.alternatives:
            return reading.people
        return frozenset().union(*(_meeting(one, reading) for one in self.alternatives))

    def met_by(self, held: Mapping[str, frozenset[str]]) -> bool:
        """Whether somebody with these classes meets it."""
        return any(_meets(one, held) for one in self.alternatives) or not self.alternatives

    def said(self, activity: str, held: Mapping[str, frozenset[str]] | None = None) -> list[list[Said]]:
        """Its alternatives in words, compared with somebody's classes where they are given."""
        offered = features.offered(activity)
        return [
            [
                Said(
                    label=str(offered[key].label) if key in offered else key,
                    wanted=offered[key].said(codes) if key in offered else sorted(codes),
                    values=offered[key].said((held or {}).get(key, frozenset())) if key in offered else (),
                    met=bool(codes & (held or {}).get(key, frozenset())),
                )
                for key, codes in one.items()
            ]
            for one in self.alternatives
        ]


def _meeting(one: Alternative, reading: Reading) -> frozenset[UUID]:
    left = reading.people
    for key, codes in one.items():
        left = frozenset(person for person in left if not codes.isdisjoint(reading.of(person, key)))
    return left


def _meets(one: Alternative, held: Mapping[str, frozenset[str]]) -> bool:
    return all(not codes.isdisjoint(held.get(key, frozenset())) for key, codes in one.items())


EVERYBODY: Final = Rule()
