"""Meetings: series, agenda, invitations, answers, calendars."""
