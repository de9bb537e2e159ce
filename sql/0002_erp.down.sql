drop schema erp cascade;
