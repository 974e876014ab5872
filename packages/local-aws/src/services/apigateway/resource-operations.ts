import type { Resource } from "@aws-sdk/client-api-gateway";
import type { Operations } from "../../core/service.ts";
import {
  type ApiRecord,
  type ApiState,
  badRequest,
  conflict,
  newApiGatewayId,
  notFound,
  page,
  type ResourceRecord,
} from "./api-state.ts";
import { applyPatch, type PatchRule, replaceText } from "./patch.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/** CreateResource, GetResource(s), UpdateResource, DeleteResource. */
export function resourceOperations(
  state: ApiState,
): Pick<Operations<Sdk>, "CreateResource" | "GetResource" | "GetResources" | "UpdateResource" | "DeleteResource"> {
  return {
    CreateResource: (input) =>
      state.changeResource(input.restApiId, input.parentId, (parent, api) =>
        resourceAnswer(addResource(api, parent, input.pathPart ?? ""), []),
      ),

    GetResource: (input) => resourceAnswer(state.resource(input.restApiId, input.resourceId).resource, input.embed),

    GetResources(input) {
      const resources = Object.values(state.api(input.restApiId).resources).sort((a, b) => (a.path < b.path ? -1 : 1));
      return page(
        resources.map((resource) => resourceAnswer(resource, input.embed)),
        input.position,
        input.limit,
      );
    },

    UpdateResource: (input) =>
      state.changeResource(input.restApiId, input.resourceId, (resource, api) => {
        applyPatch({ resource, api }, input.patchOperations, rules, "listed");
        return resourceAnswer(resource, []);
      }),

    DeleteResource(input) {
      state.changeResource(input.restApiId, input.resourceId, (resource, api) => {
        if (resource.id === api.rootResourceId) {
          throw badRequest("Root resource cannot be deleted");
        }
        deleteTree(api, resource.id);
      });
      return {};
    },
  };
}

/**
 * Adds a path part below a resource.
 *
 * @throws AwsError `BadRequestException` or `ConflictException` where the part is malformed or clashes with a sibling
 */
export function addResource(api: ApiRecord, parent: ResourceRecord, pathPart: string): ResourceRecord {
  checkPathPart(pathPart);
  checkPlace(api, parent, pathPart, undefined);
  const resource: ResourceRecord = {
    id: newApiGatewayId(6),
    parentId: parent.id,
    pathPart,
    path: childPath(parent, pathPart),
    methods: {},
  };
  api.resources[resource.id] = resource;
  return resource;
}

function childPath(parent: ResourceRecord, pathPart: string): string {
  return parent.path === "/" ? `/${pathPart}` : `${parent.path}/${pathPart}`;
}

function checkPathPart(pathPart: string): void {
  if (!/^(?:[a-zA-Z0-9._~:!$&'()*,;=@%+-]+|\{[a-zA-Z0-9._:-]+\+?\})$/.test(pathPart)) {
    throw badRequest(
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    );
  }
}

function checkPlace(api: ApiRecord, parent: ResourceRecord, pathPart: string, moved: string | undefined): void {
  if (parent.pathPart?.endsWith("+}") === true) {
    throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parent.pathPart}`);
  }
  for (const sibling of Object.values(api.resources)) {
    if (sibling.parentId !== parent.id || sibling.id === moved) {
      continue;
    }
    if (sibling.pathPart === pathPart) {
      throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
    }
    if (pathPart.startsWith("{") && sibling.pathPart?.startsWith("{") === true) {
      throw badRequest(
        `A sibling (${sibling.pathPart}) of this resource already has a variable path part -- only one is allowed`,
      );
    }
  }
}

function deleteTree(api: ApiRecord, id: string): void {
  delete api.resources[id];
  for (const child of Object.values(api.resources)) {
    if (child.parentId === id) {
      deleteTree(api, child.id);
    }
  }
}

interface Placed {
  readonly api: ApiRecord;
  readonly resource: ResourceRecord;
}

const rules: PatchRule<Placed>[] = [
  replaceText("/parentId", ({ api, resource }, parentId) => {
    const parent = api.resources[parentId];
    if (parent === undefined) {
      throw notFound("Invalid Resource identifier specified");
    }
    for (
      let above: ResourceRecord | undefined = parent;
      above !== undefined;
      above = above.parentId === undefined ? undefined : api.resources[above.parentId]
    ) {
      if (above.id === resource.id) {
        throw badRequest("Resources cannot be cyclical.");
      }
    }
    checkPlace(api, parent, resource.pathPart ?? "", resource.id);
    resource.parentId = parentId;
    renamePaths(api, resource);
  }),
  replaceText("/pathPart", ({ api, resource }, pathPart) => {
    const parent = resource.parentId === undefined ? undefined : api.resources[resource.parentId];
    if (parent === undefined) {
      throw badRequest("Root resource cannot be renamed");
    }
    checkPathPart(pathPart);
    checkPlace(api, parent, pathPart, resource.id);
    resource.pathPart = pathPart;
    renamePaths(api, resource);
  }),
];

function renamePaths(api: ApiRecord, resource: ResourceRecord): void {
  const parent = resource.parentId === undefined ? undefined : api.resources[resource.parentId];
  if (parent !== undefined) {
    resource.path = childPath(parent, resource.pathPart ?? "");
  }
  for (const child of Object.values(api.resources)) {
    if (child.parentId === resource.id) {
      renamePaths(api, child);
    }
  }
}

/** A resource as the operations answer it: with its methods in full only where `embed` asks for them. */
function resourceAnswer(resource: ResourceRecord, embed: readonly string[] | undefined): Resource {
  const methods = Object.entries(resource.methods);
  const full = embed?.includes("methods") === true;
  return {
    id: resource.id,
    parentId: resource.parentId,
    pathPart: resource.pathPart,
    path: resource.path,
    ...(methods.length === 0
      ? {}
      : { resourceMethods: Object.fromEntries(methods.map(([name, method]) => [name, full ? method : {}])) }),
  };
}
