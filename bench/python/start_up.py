"""A fresh process: import a peer, build the net, one step, report the peak memory."""

import importlib
import json
import os
import sys

from peer import Lacks, load, peak_megabytes

with open(sys.argv[1], encoding="utf8") as file:
    workload, data = load(json.load(file))
report = {}
try:
    importlib.import_module(sys.argv[2]).open(workload, data, *sys.argv[3:]).work(0)
except Lacks as lacks:
    report["lacks"] = str(lacks)
print("\n" + json.dumps({**report, "megabytes": peak_megabytes()}), flush=True)
os._exit(0)  # as the JavaScript peers end: without waiting for the library's threads
