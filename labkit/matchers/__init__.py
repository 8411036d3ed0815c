"""Face matchers: from aligned pictures to descriptors."""
