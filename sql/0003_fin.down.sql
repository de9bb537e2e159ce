drop schema fin cascade;
