"""Commands that recount: a file in, a result out, no database and no Django."""
