"""One Python peer on one workload: asked by a JSON line on stdin, it answers by one on stdout. See child.mjs."""

import importlib
import json
import os
import sys
import time

from peer import Lacks, load, peak_megabytes


def open_channel():
    """Libraries print to stdout: from here on that goes to stderr, and the answers to a stream of their own."""
    channel = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return channel


class Host:
    def __init__(self, module, args):
        self.module, self.args = module, args
        self.session = None

    def prepare(self, workload, milliseconds, patience, tune):
        workload, data = load(workload)
        self.session = session = importlib.import_module(self.module).open(workload, data, *self.args)
        loss = session.loss()
        first = session.work(0)
        if first["milliseconds"] > patience:
            only = first if first["milliseconds"] > 3 * patience else session.work(0)
            return {"loss": loss, "setting": session.setting, "only": only}
        session.warm(milliseconds)
        if tune:
            session.tune(milliseconds / 3)
            session.warm(milliseconds / 3)
        return {"loss": loss, "setting": session.setting}

    def work(self, milliseconds):
        return self.session.work(milliseconds)

    def finish(self):
        return {"loss": self.session.loss(), "peakMegabytes": peak_megabytes()}


def main():
    channel = open_channel()
    host = Host(sys.argv[1], sys.argv[2:])
    idle_since = None
    for line in sys.stdin:
        request = json.loads(line)
        idle = 0 if idle_since is None else 1000 * (time.process_time() - idle_since)
        try:
            answer = {**getattr(host, request.pop("ask"))(**request), "idleCpu": idle}
        except Lacks as lacks:
            answer = {"lacks": str(lacks)}
        except Exception as error:  # whatever a library throws is the row's failure
            answer = {"failure": f"{type(error).__name__}: {error}"}
        channel.write(json.dumps(answer) + "\n")
        channel.flush()
        idle_since = time.process_time()


main()
