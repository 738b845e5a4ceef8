"""The audit of an index: what its indicators are worth, how they hang together, and what the ranks owe to each."""

from helpers.analysis.audit.leave_one_out import LeaveOneOut
from helpers.analysis.audit.tables import AUDIT_TABLES, Audit, audit

__all__ = ["AUDIT_TABLES", "Audit", "LeaveOneOut", "audit"]
