"""The crossing from the core's threads to Qt's, and work off the Qt thread."""

import threading
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cheeseboard.desktop.work.bridge import Bridge
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.events import EventBus, Progress, ServerStateChanged, SnapshotChanged


def test_events_of_other_threads_arrive_on_qts_thread(qtbot: QtBot, qapp: QApplication) -> None:
    bus = EventBus()
    bridge = Bridge(bus)
    bridge.open()
    threads: list[threading.Thread] = []
    bridge.server_changed.connect(lambda: threads.append(threading.current_thread()))

    with ThreadPoolExecutor(1) as pool, qtbot.waitSignal(bridge.server_changed):
        pool.submit(bus.publish, ServerStateChanged()).result()

    assert threads == [threading.main_thread()]


def test_connecting_announces_the_state_of_the_moment(qtbot: QtBot) -> None:
    bridge = Bridge(EventBus())
    signals = [bridge.snapshot_changed, bridge.folder_changed, bridge.server_changed, bridge.clients_changed]

    with qtbot.waitSignals(signals):
        bridge.open()


def test_a_burst_of_snapshots_is_announced_few_times(qtbot: QtBot) -> None:
    bus = EventBus()
    bridge = Bridge(bus)
    bridge.open()
    announced: list[int] = []
    bridge.snapshot_changed.connect(lambda: announced.append(1))

    with qtbot.waitSignal(bridge.snapshot_changed):
        for serial in range(1000):
            bus.publish(SnapshotChanged(serial, frozenset()))

    assert len(announced) == 1


def test_nothing_arrives_after_closing(qtbot: QtBot) -> None:
    bus = EventBus()
    bridge = Bridge(bus)
    bridge.open()
    bridge.close()

    with qtbot.assertNotEmitted(bridge.server_changed, wait=50):
        bus.publish(ServerStateChanged())


def test_a_result_is_delivered_on_qts_thread_from_a_worker(qtbot: QtBot, jobs: Jobs) -> None:
    delivered: list[tuple[threading.Thread, threading.Thread]] = []

    def task(job: Job[threading.Thread]) -> threading.Thread:
        return threading.current_thread()

    jobs.run(task, lambda worker: delivered.append((worker, threading.current_thread())), lambda error: None)

    qtbot.waitUntil(lambda: bool(delivered))
    worker, receiver = delivered[0]
    assert receiver is threading.main_thread()
    assert worker is not receiver


def test_a_failure_is_delivered_as_the_exception(qtbot: QtBot, jobs: Jobs) -> None:
    failures: list[Exception] = []

    def task(job: Job[None]) -> None:
        raise LookupError("gone")

    jobs.run(task, lambda result: None, failures.append)

    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], LookupError)
    assert not jobs.busy


def test_progress_is_thinned_but_its_end_never_lost(qtbot: QtBot, jobs: Jobs) -> None:
    reports: list[Progress] = []
    ended: list[int] = []

    def task(job: Job[int]) -> int:
        for done in range(10_001):
            job.report(Progress(done, 10_000))
        return 1

    jobs.run(task, ended.append, lambda error: None, reports.append)

    qtbot.waitUntil(lambda: bool(ended))
    assert reports[-1].done == 10_000
    assert len(reports) < 1000


def test_closing_cancels_and_waits(qtbot: QtBot) -> None:
    jobs = Jobs()
    running = threading.Event()
    left: list[str] = []

    def task(job: Job[None]) -> None:
        running.set()
        while not job.cancelled():
            threading.Event().wait(0.01)
        left.append("in order")

    jobs.run(task, lambda result: None, lambda error: None)
    assert running.wait(5)

    jobs.close()

    assert left == ["in order"]
