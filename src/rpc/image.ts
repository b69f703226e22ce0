import {
  clone,
  create,
  createFileRegistry,
  type DescExtension,
  type DescMethod,
  type FileRegistry,
  fromBinary,
  getOption,
  hasOption,
} from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** The descriptors of all services, as `buf build` writes them. */
export type Image = FileRegistry;

const known = new WeakMap<Uint8Array, Image>();

/**
 * Reads an image, the same bytes only once. Its comments take most of its memory, and serving calls needs none of
 * them.
 */
export function readImage(bytes: Uint8Array): Image {
  const before = known.get(bytes);
  if (before !== undefined) return before;
  const files = fromBinary(FileDescriptorSetSchema, bytes);
  for (const file of files.file) file.sourceCodeInfo = undefined;
  const image = createFileRegistry(files);
  known.set(bytes, image);
  return image;
}

/** Reads an image with its comments. */
export function readDescribedImage(bytes: Uint8Array): Image {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
}

/**
 * The same image, but for the messages of google/protobuf/struct.proto, which have no fields: decoding by it sees
 * that free-form JSON is there, and steps over it.
 */
export function withHollowFreeForm(image: Image): Image {
  const file = [...image.files].map(({ proto }) => {
    if (proto.name !== 'google/protobuf/struct.proto') return proto;
    const hollow = clone(FileDescriptorProtoSchema, proto);
    for (const message of hollow.messageType) message.field = message.oneofDecl = message.nestedType = [];
    return hollow;
  });
  return createFileRegistry(create(FileDescriptorSetSchema, { file }));
}

/** The value of a custom option on a method, undefined where the method or the image has none. */
export function methodOption<T>(image: Image, method: DescMethod, name: string): T | undefined {
  const extension = image.getExtension(name);
  if (extension === undefined || !isMethodOption(extension) || !hasOption(method, extension))
    return undefined;
  return getOption(method, extension) as T;
}

function isMethodOption(extension: DescExtension): boolean {
  return extension.extendee.typeName === 'google.protobuf.MethodOptions';
}

/** An HTTP rule as google/api/http.proto has it, as far as paths go. */
interface HttpRule {
  readonly pattern: { readonly value?: unknown };
  readonly additionalBindings: readonly HttpRule[];
}

/** The request fields that the method's HTTP paths carry, by proto path: its ids. */
export function pathFields(image: Image, method: DescMethod): ReadonlySet<string> {
  const rule = methodOption<HttpRule>(image, method, 'google.api.http');
  const fields = new Set<string>();
  for (const binding of rule === undefined ? [] : [rule, ...rule.additionalBindings]) {
    const path = binding.pattern.value;
    if (typeof path !== 'string') continue;
    for (const match of path.matchAll(/\{([^}=]+)/g)) fields.add(match[1]!.trim());
  }
  return fields;
}
