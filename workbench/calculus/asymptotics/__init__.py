"""Asymptotics: leading orders in large sizes, and ratios of means over many tokens."""
