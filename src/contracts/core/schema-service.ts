import { etagOf } from '../../domain/etag.js';
import type { IdentitySchema as SchemaRecord } from '../../domain/schema/identity-schema.js';
import type {
  CreateSchemaRequest,
  DeleteSchemaRequest,
  GetSchemaRequest,
  IdentitySchema,
  ListSchemasRequest,
  UpdateSchemaRequest,
} from '../../gen/facet/v1/schema_service.js';
import type { Call } from '../../rpc/call.js';
import type { PageTokens } from '../../services/page-token.js';
import type { NewSchema, SchemaOperations } from '../../services/schema/operations.js';
import { precondition, setEtag } from '../conditions.js';

const PAGE_SIZE = 50;

/** facet.v1.SchemaService: the JSON Schemas of a tenant's traits. */
export function schemaService(schemas: SchemaOperations, pageTokens: PageTokens) {
  const answer = (schema: SchemaRecord, call: Call) => {
    setEtag(call, schema);
    return recordToSchema(schema);
  };
  return {
    async createSchema({ schema }: CreateSchemaRequest, call: Call) {
      return answer(await schemas.create(newSchema(schema!, call), call), call);
    },

    async updateSchema({ schema }: UpdateSchemaRequest, call: Call) {
      const condition = precondition(call, schema!.etag);
      return answer(await schemas.update(newSchema(schema!, call), condition, call), call);
    },

    async getSchema({ schemaId }: GetSchemaRequest, call: Call) {
      return answer(await schemas.get(call.principal.tenant, schemaId, call), call);
    },

    async listSchemas(request: ListSchemasRequest, call: Call) {
      const list = [call.principal.tenant, call.method];
      const after = pageTokens.open(request.pageToken, list, 'page_token');
      const page = await schemas.list(
        call.principal.tenant,
        { limit: request.pageSize || PAGE_SIZE, after },
        call,
      );
      const nextPageToken = page.next ? pageTokens.seal(page.next, list) : '';
      return { schemas: page.schemas.map(recordToSchema), nextPageToken };
    },

    async deleteSchema({ schemaId, etag }: DeleteSchemaRequest, call: Call) {
      await schemas.delete(call.principal.tenant, schemaId, precondition(call, etag), call);
      return {};
    },
  };
}

/** The proto's rules have seen to the document. */
function newSchema({ id, document }: IdentitySchema, call: Call): NewSchema {
  return { tenant: call.principal.tenant, id, document: JSON.stringify(document) };
}

function recordToSchema(schema: SchemaRecord): IdentitySchema {
  return {
    id: schema.id,
    document: JSON.parse(schema.document),
    createTime: new Date(schema.createTime),
    updateTime: new Date(schema.updateTime),
    etag: etagOf(schema),
  };
}
