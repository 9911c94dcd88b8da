"""Reading files of territories. Everything here reads and plans; only ``services`` writes."""
