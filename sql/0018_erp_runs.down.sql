drop function erp.enter_run(uuid, text, integer, integer, integer);
drop table erp.health;
drop table erp.run;
