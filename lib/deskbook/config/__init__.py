"""What the organisation says: process, organisation, messages and settings, loaded and checked."""
