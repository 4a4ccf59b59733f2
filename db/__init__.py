"""PostgreSQL: tables, migrations, what a viewer may see, and every write."""
