"""Who took part in what, by stage and by type of actor. Never by person."""
