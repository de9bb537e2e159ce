drop function crm.analyse_clients(text, text, text[]);
drop function crm.number_of(text);
drop function crm.expire_cashback(text, integer);
