"""Pages on which people look after their own account; nobody else can use them for them."""
