"""Files of orders: how they come in, are tried, are applied, and are erased (R46)."""
