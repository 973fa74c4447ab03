"""The sandbox: an HTTP look-alike of the helpdesk, the tracker, the chat, the pager and the hubs, on this machine."""
