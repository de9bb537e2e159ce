drop function erp.claim_token(text, text, text, bigint, uuid, integer);
drop table erp.oauth_state;
