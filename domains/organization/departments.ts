import { z } from 'zod';
import { departments as table } from '#db/schema/index.js';
import { defineResource } from '#runtime/resource/define-resource.js';
import { equals } from '#runtime/resource/filters.js';
import { byColumn } from '#runtime/resource/sorts.js';
import { CreateDepartment, Department, departmentEvents } from './department.js';
import { checkDepartment, checkRemovable, checkRestorable } from './department-tree.js';

/** Departments: a tree of at most ten levels. One that has others under it is not deleted before they are. */
export const departments = defineResource({
  name: 'departments',
  singular: 'department',
  table,
  output: Department,
  create: CreateDepartment,
  update: CreateDepartment,
  filters: { parentId: equals(table.parentId, z.uuid()), headId: equals(table.headId, z.uuid()) },
  sorts: { name: byColumn(table.name), createdAt: byColumn(table.createdAt) },
  defaultSort: 'name',
  events: departmentEvents,
  http: { path: '/departments' },
  check: checkDepartment,
  checkDelete: checkRemovable,
  checkRestore: checkRestorable,
});
