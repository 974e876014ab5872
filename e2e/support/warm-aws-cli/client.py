"""What `aws` is where server.py runs: hands over what was typed, and ends as the command does.

    client.py SOCKET ARGUMENT...
"""

import json
import os
import socket
import sys

connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
asked = {"arguments": sys.argv[2:], "environment": dict(os.environ), "folder": os.getcwd()}
message = json.dumps(asked).encode() + b"\n"
sent = socket.send_fds(connection, [message], [0, 1, 2])
connection.sendall(message[sent:])
code = connection.recv(16)
if not code:
    sys.exit("the AWS CLI's server has ended before the command did")
os._exit(int(code))
