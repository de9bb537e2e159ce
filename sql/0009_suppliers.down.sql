drop table backoffice.supplier_search;
