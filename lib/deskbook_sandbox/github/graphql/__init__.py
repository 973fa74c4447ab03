"""GitHub's GraphQL endpoint."""
