"""How nginx stands in front: pages and API to the web servers, `/ws/` to the socket servers."""

import os
from pathlib import Path

TEMPLATE = """
daemon off;
{user}
worker_processes 1;
worker_rlimit_nofile 20000;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
  # A server that is started again is used again at once: the tries themselves find out.
  upstream web {{ {web} keepalive 16; }}
  upstream sockets {{ least_conn; {sockets} }}
  map $http_upgrade $passed_on {{ default upgrade; '' ''; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    client_max_body_size 1m;
    proxy_http_version 1.1;
    proxy_connect_timeout 2s;
    proxy_read_timeout 30s;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Request-Start "t=${{msec}}";
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $passed_on;
    # Nobody behind us: the same refusal as the application's own, so that clients wait and come back.
    error_page 502 504 =503 @away;
    location / {{
      proxy_pass http://web;
    }}
    location /ws/ {{
      proxy_read_timeout 90s;
      proxy_pass http://sockets;
    }}
    location @away {{
      internal;
      default_type application/problem+json;
      add_header Retry-After 2 always;
      return 503 '{problem}';
    }}
  }}
}}
"""
PROBLEM = (
    '{"type": "/problems/unavailable", "code": "unavailable", "status": 503, '
    '"title": "Nonza cannot do this at the moment. Try again soon.", "detail": "", "retry_after": 2}'
)


def nginx_configuration(folder: Path, *, port: int, web: list[int], sockets: list[int]) -> str:
    def servers(ports: list[int]) -> str:
        return " ".join(f"server 127.0.0.1:{each} max_fails=0;" for each in ports)

    return TEMPLATE.format(
        user="user root;" if os.geteuid() == 0 else "",
        folder=folder,
        port=port,
        web=servers(web),
        sockets=servers(sockets),
        problem=PROBLEM,
    )
