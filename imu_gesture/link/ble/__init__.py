"""Boards over Bluetooth Low Energy."""
