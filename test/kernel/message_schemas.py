"""What each of a kernel's messages must hold, as JSON Schema.

Source: jupyter-client.readthedocs.io, "Messaging in Jupyter", protocol 5.3.
"""

import sys

sys.modules["rfc3987_syntax"] = None  # see scripts/quick_start.py
from jsonschema import Draft202012Validator

text = {"type": "string"}
number = {"type": "integer", "minimum": 0}
flag = {"type": "boolean"}
mapping = {"type": "object"}
texts = {"type": "array", "items": text}
bundle = {"type": "object", "propertyNames": {"pattern": r"^[\w.+-]+/[\w.+-]+$"}}


def one_of(*values):
    return {"enum": list(values)}


def fields(required, **optional):
    """An object with these fields and no others."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


ok = one_of("ok")
failure = {"ename": text, "evalue": text, "traceback": texts}

header = {name: text for name in ("msg_id", "msg_type", "username", "session", "version")}
message = {
    "type": "object",
    "properties": {
        # jupyter_client has made a datetime of the date.
        "header": fields({**header, "date": {}}),
        "parent_header": mapping,
        "metadata": mapping,
        "content": mapping,
        "buffers": {"type": "array"},
    },
    "required": ["header", "parent_header", "metadata", "content"],
}

error = fields({"status": one_of("error"), **failure})
value = {"anyOf": [fields({"status": ok, "data": bundle, "metadata": mapping}), error]}


def items(*kinds):
    return {"type": "array", "prefixItems": list(kinds), "minItems": len(kinds), "maxItems": len(kinds)}


# Session, line, and the input alone or with its output.
line = items(number, number, {"anyOf": [text, items(text, {"type": ["string", "null"]})]})
match = fields({"start": number, "end": number, "text": text, "type": text, "signature": text})
language = fields(
    {"name": text, "version": text, "mimetype": text, "file_extension": text}, codemirror_mode={}
)

contents = {
    "kernel_info_reply": fields(
        {
            "status": ok,
            "protocol_version": {"type": "string", "pattern": r"^5\.\d+(\.\d+)?$"},
            "implementation": text,
            "implementation_version": text,
            "language_info": language,
            "banner": text,
            "help_links": {"type": "array", "items": fields({"text": text, "url": text})},
        }
    ),
    "execute_reply": fields(
        {
            "status": ok,
            "execution_count": number,
            "payload": {"type": "array", "items": mapping},
            "user_expressions": {"type": "object", "additionalProperties": value},
        }
    ),
    "inspect_reply": fields({"status": ok, "found": flag, "data": bundle, "metadata": mapping}),
    "complete_reply": fields(
        {
            "status": ok,
            "matches": texts,
            "cursor_start": number,
            "cursor_end": number,
            "metadata": fields({"_jupyter_types_experimental": {"type": "array", "items": match}}),
        }
    ),
    "history_reply": fields({"status": ok, "history": {"type": "array", "items": line}}),
    "is_complete_reply": {
        "oneOf": [
            fields({"status": one_of("complete", "invalid", "unknown")}),
            fields({"status": one_of("incomplete"), "indent": text}),
        ]
    },
    "comm_info_reply": fields(
        {"status": ok, "comms": {"type": "object", "additionalProperties": fields({"target_name": text})}}
    ),
    "interrupt_reply": fields({"status": ok}),
    "shutdown_reply": fields({"status": ok, "restart": flag}),
    "status": fields({"execution_state": one_of("starting", "busy", "idle")}),
    "execute_input": fields({"code": text, "execution_count": number}),
    "execute_result": fields(
        {"execution_count": number, "data": bundle, "metadata": mapping}, transient=mapping
    ),
    "display_data": fields({"data": bundle, "metadata": mapping}, transient=mapping),
    "update_display_data": fields(
        {"data": bundle, "metadata": mapping, "transient": fields({"display_id": text})}
    ),
    "clear_output": fields({"wait": flag}),
    "stream": fields({"name": one_of("stdout", "stderr"), "text": text}),
    "error": fields(failure),
    "input_request": fields({"prompt": text, "password": flag}),
}
error_reply = fields({"status": one_of("error"), **failure}, execution_count=number)


def validate(received, request_id):
    """Raises jsonschema's ValidationError, or AssertionError where it answers another request."""
    Draft202012Validator(message).validate(received)
    assert received["parent_header"].get("msg_id") == request_id, "another request's"
    kind = received["header"]["msg_type"]
    content = received["content"]
    failed = kind == "execute_reply" and content.get("status") == "error"
    Draft202012Validator(error_reply if failed else contents[kind]).validate(content)
