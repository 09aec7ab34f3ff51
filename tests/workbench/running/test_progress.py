"""Progress: the time left follows from the times of earlier runs."""

from workbench.running.progress import Remaining, spoken


def test_the_time_left_is_what_the_claims_took_last_time_shared_among_the_workers():
    remaining = Remaining({"a": 10.0, "b": 20.0, "c": 30.0}, jobs=2)
    remaining.waiting, remaining.running = {"b"}, {"a": 100.0}
    assert remaining.seconds(104.0) == (6 + 20) / 2
    remaining.waiting = {"b", "new"}
    assert remaining.seconds(104.0) == (6 + 20 + 20) / 2


def test_one_long_claim_keeps_everybody_waiting():
    remaining = Remaining({"a": 60.0, "b": 2.0}, jobs=8)
    remaining.waiting, remaining.running = {"b"}, {"a": 0.0}
    assert remaining.seconds(10.0) == 50.0
    assert remaining.seconds(1000.0) == 2.0 / 8


def test_nothing_is_promised_before_anything_is_known():
    remaining = Remaining({}, jobs=1)
    remaining.waiting = {"a"}
    assert remaining.seconds(5.0) is None


def test_a_length_of_time_is_said_as_one_says_it():
    assert [spoken(s) for s in (0.2, 89, 120, 7200)] == ["0 s", "89 s", "2 min", "2.0 h"]
