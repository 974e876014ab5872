"""Runs commands of the AWS CLI in copies of this process, which has loaded the CLI's modules already.

Four fifths of the second of processor time that the CLI needs for a command go into importing the same modules. What runs is the
CLI's own program, from its first line, with the arguments, environment, folder and files of whoever typed it (client.py); only the
modules are there before it begins.

    server.py PROGRAM SOCKET      PROGRAM is the CLI's script, SOCKET the path that clients connect to

Says one line on stdout when it can be asked. Ends when its standard input does, with its commands.
"""

import gc
import io
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import time
import traceback

BEFORE = dict(os.environ)
import awscli.clidriver  # noqa: E402, F401  what all of this is for

# What the CLI's modules set when they are imported: where its data are.
ITS_OWN = {name: value for name, value in os.environ.items() if BEFORE.get(name) != value}


def main(program, path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    woken, waker = socket.socketpair()
    for each in (listener, woken, waker):
        each.setblocking(False)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    # Ctrl-C in a terminal is for the commands, and reaches their clients.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()

    running = {}
    selector = selectors.DefaultSelector()
    for each in (listener, woken, sys.stdin):
        selector.register(each, selectors.EVENT_READ)
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            if key.fileobj is sys.stdin:
                for pid in running:
                    os.kill(pid, signal.SIGKILL)
                return
            if key.fileobj is woken:
                woken.recv(4096)
                bury(running, selector)
            elif key.fileobj is listener:
                connection, _ = listener.accept()
                pid = start(connection, program, [listener, woken, waker, selector])
                if pid is not None:
                    running[pid] = connection
                    selector.register(connection, selectors.EVENT_READ, pid)
            elif key.data in running:
                # The client says nothing more: it is gone, and so is whoever wanted the answer.
                selector.unregister(key.fileobj)
                os.kill(key.data, signal.SIGKILL)


def bury(running, selector):
    """Tells the clients of commands that have ended what they ended with."""
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        connection = running.pop(pid)
        if connection in {key.fileobj for key in selector.get_map().values()}:
            selector.unregister(connection)
        code = os.waitstatus_to_exitcode(status)
        try:
            connection.sendall(str(code if code >= 0 else 128 - code).encode())
        except OSError:
            pass  # It has not waited.
        connection.close()


def start(connection, program, to_close):
    """Forks for one command; gives the copy's process id, or nothing where the client is gone."""
    connection.setblocking(True)
    message, files, _, _ = socket.recv_fds(connection, 65536, 3)
    more = message
    while more and not message.endswith(b"\n"):
        more = connection.recv(65536)
        message += more
    is_whole = bool(more) and len(files) == 3
    pid = os.fork() if is_whole else None
    if not is_whole:
        connection.close()  # It was killed while it asked.
    if pid != 0:
        for each in files:
            os.close(each)
        return pid
    for number, each in enumerate(files):
        os.dup2(each, number)
        os.close(each)
    for each in [connection, *to_close]:
        each.close()
    run(program, json.loads(message))


def run(program, asked):
    """Becomes the command, as if Python had just started for it."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"] | ITS_OWN)
    time.tzset()
    sys.stdin, sys.stdout, sys.stderr = (
        io.TextIOWrapper(os.fdopen(number, mode, closefd=False), encoding="utf-8", errors=errors, write_through=number > 0)
        for number, mode, errors in ((0, "rb", "strict"), (1, "wb", "strict"), (2, "wb", "backslashreplace"))
    )
    sys.argv = [program, *asked["arguments"]]
    code = 1
    try:
        runpy.run_path(program, run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = code or 1
    os._exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
