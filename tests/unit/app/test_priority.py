"""What works behind the window gives way to it, by the numbers the system holds."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cascadeclip.app.priority import PROCESS_NICE, THREAD_NICE, lower_process, lower_thread

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority there")


def nice(number=0):
    return os.getpriority(os.PRIO_PROCESS, number)


def test_a_pool_gives_way_and_who_made_it_does_not():
    before = nice()
    with ThreadPoolExecutor(1, initializer=lower_thread) as pool:
        behind = pool.submit(lambda: nice(threading.get_native_id())).result()
    assert behind == min(19, before + THREAD_NICE)
    assert nice() == before


def test_a_process_gives_way_and_one_that_is_gone_is_no_trouble():
    command = [sys.executable, "-c", "input()"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
    lower_process(process)
    assert nice(process.pid) == min(19, nice() + PROCESS_NICE)
    process.communicate("\n")
    lower_process(process)
