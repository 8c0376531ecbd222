"""Programs that use vendors' SDKs as their manuals say, pointed at our host."""
