"""JupyterHub's proxy in Python, so that practising needs no node; what JupyterLab's sockets need on top stands here."""

from __future__ import annotations

from configurable_http_proxy.cli import main
from configurable_http_proxy.handlers import ProxyHandler


def select_subprotocol(self: ProxyHandler, asked: list[str]) -> str | None:
    """The one that the server behind chose; a browser that is told none gives up."""
    return self.ws_client.selected_subprotocol


def on_message(self: ProxyHandler, message: str | bytes) -> None:
    """Bytes stay bytes, and a message counts as activity."""
    if self.ws_client:
        self.proxy.update_last_activity(self.target["prefix"])
        self.ws_client.write_message(message, binary=isinstance(message, bytes))


ProxyHandler.select_subprotocol = select_subprotocol
ProxyHandler.on_message = on_message
main()
