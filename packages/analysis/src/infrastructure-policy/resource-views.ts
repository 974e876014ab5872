import { type Looked, look, type ResourceView } from "./resource-view.ts";

/** What was found of something that belongs to a resource: the ones that name it, and whether one may still turn up. */
export interface Companions {
  readonly found: readonly ResourceView[];
  /** One of the same module whose owner is not known yet. */
  readonly maybe: boolean;
}

/** The resources of a type by what one of their arguments is. */
interface Owners {
  readonly byValue: ReadonlyMap<unknown, readonly ResourceView[]>;
  readonly modules: ReadonlySet<string>;
  /** Modules with one whose argument is not known. */
  readonly openModules: ReadonlySet<string>;
}

/** All resources that are judged together. A rule asks for what belongs to one of thousands, so they are looked up, not searched. */
export class ResourceViews {
  readonly all: readonly ResourceView[];
  readonly #owners = new Map<string, Owners>();
  readonly #byType = new Map<string, ResourceView[]>();

  constructor(all: readonly ResourceView[]) {
    this.all = all;
    for (const view of all) {
      addTo(this.#byType, view.type, view);
    }
  }

  /** Resources of a type that name an owner in an argument, such as the policies of a bucket. */
  companionsOf(type: string, argument: string, owner: { readonly module: string; readonly name: Looked }): Companions {
    const { byValue, modules, openModules } = this.#ownersOf(type, argument);
    return owner.name.known
      ? { found: byValue.get(owner.name.value) ?? [], maybe: openModules.has(owner.module) }
      : { found: [], maybe: modules.has(owner.module) };
  }

  #ownersOf(type: string, argument: string): Owners {
    const key = `${type} ${argument}`;
    const known = this.#owners.get(key);
    if (known !== undefined) {
      return known;
    }
    const byValue = new Map<unknown, ResourceView[]>();
    const modules = new Set<string>();
    const openModules = new Set<string>();
    for (const view of this.#byType.get(type) ?? []) {
      const named = look(view, argument);
      modules.add(view.module);
      if (named.known) {
        addTo(byValue, named.value, view);
      } else {
        openModules.add(view.module);
      }
    }
    const owners = { byValue, modules, openModules };
    this.#owners.set(key, owners);
    return owners;
  }
}

function addTo<K>(groups: Map<K, ResourceView[]>, key: K, view: ResourceView): void {
  const group = groups.get(key);
  if (group === undefined) {
    groups.set(key, [view]);
  } else {
    group.push(view);
  }
}
