drop function fin.list_indices(date, text, integer);
drop function fin.list_aggregates(date, integer);
drop function fin.compute_indices(uuid, date, text);
drop function fin.aggregate_events(uuid, date, text);
drop function ponte.local_midnight(date, text);
drop table fin.module_events, fin.event_aggregates, fin.data_indices, fin.inbound_leads;
