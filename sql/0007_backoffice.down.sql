drop schema backoffice cascade;
