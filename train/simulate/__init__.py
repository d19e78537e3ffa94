"""The work a person is spared, measured without people."""
