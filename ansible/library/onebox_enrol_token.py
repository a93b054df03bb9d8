#!/usr/bin/python
"""Ansible module: makes an enrolment token of a onebox controller."""

DOCUMENTATION = r"""
module: onebox_enrol_token
short_description: Makes an enrolment token of a onebox controller
description:
  - Logs in at the API of the controller, makes a token for one agent and logs out.
  - The token is in the result and nowhere else, so the task needs C(no_log).
options:
  url:
    description: Where the controller is, such as C(https://controller.example.net:8443).
    type: str
    required: true
  certificate:
    description: Its root in PEM, as C(onebox-controller ca show --pem) prints it. Without, those of the system.
    type: str
  login:
    description: A user who may make enrolment tokens.
    type: str
    required: true
  password:
    description: The password of that user.
    type: str
    required: true
  role:
    description: What the agent is.
    type: str
    choices: [client, server]
    required: true
  endpoints:
    description: Where clients reach the server that enrols; its address and port 51820 if empty.
    type: list
    elements: str
    default: []
  tags:
    description: Words by which people group agents, such as C(fleet-a).
    type: list
    elements: str
    default: []
  networks:
    description: Networks from which the token may be used, such as C(203.0.113.0/24); from anywhere if empty.
    type: list
    elements: str
    default: []
  seconds:
    description: How long the token may be used, once.
    type: int
    default: 600
author:
  - onebox developers (@onebox)
"""

EXAMPLES = r"""
- name: Make a token
  onebox_enrol_token:
    url: https://controller.example.net:8443
    login: admin
    password: "{{ onebox_owner_password }}"
    role: client
    tags: [fleet-a]
  delegate_to: localhost
  no_log: true
  register: made
"""

RETURN = r"""
token:
  description: The token; empty in check mode.
  type: str
  returned: always
"""

import http.client
import json
import ssl
from urllib.parse import urlsplit

from ansible.module_utils.basic import AnsibleModule

TIMEOUT_SECONDS = 20


class Refused(Exception):
    """The controller said no, in a sentence."""


class Api:
    """One session at the API."""

    def __init__(self, url, certificate):
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            raise Refused("url must be like https://controller.example.net:8443, was '%s'" % url)
        context = ssl.create_default_context(cadata=certificate or None)
        # From Python 3.13 on it asks for key identifiers, which RFC 5280 wants and nobody needs.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        self.connection = http.client.HTTPSConnection(
            parts.hostname, parts.port or 443, timeout=TIMEOUT_SECONDS, context=context
        )
        self.cookie = ""

    def ask(self, method, path, body=None):
        headers = {"content-type": "application/json"}
        if self.cookie:
            headers["cookie"] = self.cookie
        self.connection.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 400:
            raise Refused(self.problem(answer.status, text))
        cookie = answer.getheader("set-cookie")
        if cookie:
            self.cookie = cookie.split(";", 1)[0]
        return json.loads(text) if text else {}

    @staticmethod
    def problem(status, text):
        try:
            return json.loads(text)["detail"]
        except (ValueError, KeyError, TypeError):
            return "the controller answered %d" % status


def make_token(parameters):
    api = Api(parameters["url"], parameters["certificate"])
    api.ask("POST", "/session", {"login": parameters["login"], "password": parameters["password"]})
    wanted = {"role": parameters["role"], "uses": 1, "seconds": parameters["seconds"]}
    for name in ("endpoints", "tags", "networks"):
        if parameters[name]:
            wanted[name] = parameters[name]
    try:
        return api.ask("POST", "/enrol-tokens", wanted)["token"]
    finally:
        api.ask("DELETE", "/session")


def main():
    module = AnsibleModule(
        argument_spec={
            "url": {"type": "str", "required": True},
            "certificate": {"type": "str"},
            "login": {"type": "str", "required": True},
            "password": {"type": "str", "required": True, "no_log": True},
            "role": {"type": "str", "required": True, "choices": ["client", "server"]},
            "endpoints": {"type": "list", "elements": "str", "default": []},
            "tags": {"type": "list", "elements": "str", "default": []},
            "networks": {"type": "list", "elements": "str", "default": []},
            "seconds": {"type": "int", "default": 600},
        },
        supports_check_mode=True,
    )
    if module.check_mode:
        module.exit_json(changed=True, token="")
    try:
        token = make_token(module.params)
    except Refused as e:
        module.fail_json(msg=str(e))
    except (OSError, http.client.HTTPException) as e:
        module.fail_json(msg="cannot reach %s: %s" % (module.params["url"], e))
    module.exit_json(changed=True, token=token)


if __name__ == "__main__":
    main()
