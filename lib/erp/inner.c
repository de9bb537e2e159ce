#include "erp/inner.h"

#include <string.h>

yajl_val
inner_tree(const RowCell *cell)
{
  return cell->kind == ROW_RAW ? record_tree(cell->text, strlen(cell->text)) : NULL;
}

guint
inner_count(yajl_val tree)
{
  return YAJL_IS_ARRAY(tree) ? (guint)tree->u.array.len : 0;
}

yajl_val
inner_at(yajl_val tree, guint index)
{
  return index < inner_count(tree) ? tree->u.array.values[index] : NULL;
}

static yajl_val
member_of(yajl_val object, const char *name, size_t length)
{
  for (size_t i = 0; YAJL_IS_OBJECT(object) && i < object->u.object.len; i++) {
    const char *key = object->u.object.keys[i];
    if (strncmp(key, name, length) == 0 && key[length] == '\0')
      return YAJL_IS_NULL(object->u.object.values[i]) ? NULL : object->u.object.values[i];
  }
  return NULL;
}

/* What stands at one path, "category.id", which ends at a comma or at the end. */
static yajl_val
at_path(yajl_val value, const char *path)
{
  while (value != NULL) {
    size_t length = strcspn(path, ".,");
    value = member_of(value, path, length);
    if (path[length] != '.')
      break;
    path += length + 1;
  }
  return value;
}

static RowCell
cell_of(yajl_val value)
{
  if (YAJL_IS_STRING(value))
    return (RowCell){ROW_TEXT, record_trim(value->u.string)};
  if (YAJL_IS_NUMBER(value))
    return (RowCell){ROW_NUMBER, value->u.number.r};
  if (YAJL_IS_TRUE(value) || YAJL_IS_FALSE(value))
    return (RowCell){YAJL_IS_TRUE(value) ? ROW_TRUE : ROW_FALSE, NULL};
  return (RowCell){ROW_RAW, NULL};
}

RowCell
inner_cell(yajl_val element, const char *names)
{
  const char *path = names;
  while (path != NULL) {
    yajl_val found = at_path(element, path);
    if (found != NULL)
      return cell_of(found);
    path = strchr(path, ',');
    path += path != NULL ? 1 : 0;
  }
  return (RowCell){ROW_ABSENT, NULL};
}
