"""Reading what people wrote; nothing here knows a ticket."""
