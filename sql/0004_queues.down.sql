drop procedure ponte.make_queue(regclass);
drop function ponte.tell_workers();
drop table ponte.worker_heartbeat;
drop procedure ponte.protect(regclass, text);
