import type {
  DescEnum,
  DescEnumValue,
  DescExtension,
  DescField,
  DescFile,
  DescMessage,
  DescMethod,
  DescOneof,
  DescService,
} from '@bufbuild/protobuf';

type Described =
  | DescEnum
  | DescEnumValue
  | DescExtension
  | DescField
  | DescMessage
  | DescMethod
  | DescOneof
  | DescService;

// The field numbers of google/protobuf/descriptor.proto, of which paths of locations are made.
const PACKAGE = 2;
const IN_FILE = { message: 4, enum: 5, service: 6, extension: 7 };
const IN_MESSAGE = { field: 2, message: 3, enum: 4, extension: 6, oneof: 8 };
const ITEM = 2;

const known = new WeakMap<DescFile, ReadonlyMap<string, string>>();

/** What the proto says of a thing, its lines joined to paragraphs; '' where it says nothing. */
export function commentOf(desc: Described): string {
  return commentAt(fileOf(desc), pathOf(desc));
}

/** What a file says of its package. */
export function packageComment(file: DescFile): string {
  return commentAt(file, [PACKAGE]);
}

function fileOf(desc: Described): DescFile {
  return 'file' in desc ? desc.file : desc.parent.file;
}

function commentAt(file: DescFile, path: readonly number[]): string {
  let comments = known.get(file);
  if (comments === undefined) {
    const locations = file.proto.sourceCodeInfo?.location ?? [];
    comments = new Map(
      locations.map((each) => [each.path.join('.'), tidy(each.leadingComments || each.trailingComments)]),
    );
    known.set(file, comments);
  }
  return comments.get(path.join('.')) ?? '';
}

function tidy(comment: string): string {
  return comment
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replace(/\s*\n\s*/g, ' '))
    .join('\n\n')
    .trim();
}

function pathOf(desc: Described): number[] {
  switch (desc.kind) {
    case 'message':
      return desc.parent === undefined
        ? [IN_FILE.message, desc.file.proto.messageType.indexOf(desc.proto)]
        : [...pathOf(desc.parent), IN_MESSAGE.message, desc.parent.proto.nestedType.indexOf(desc.proto)];
    case 'enum':
      return desc.parent === undefined
        ? [IN_FILE.enum, desc.file.proto.enumType.indexOf(desc.proto)]
        : [...pathOf(desc.parent), IN_MESSAGE.enum, desc.parent.proto.enumType.indexOf(desc.proto)];
    case 'extension':
      return desc.parent === undefined
        ? [IN_FILE.extension, desc.file.proto.extension.indexOf(desc.proto)]
        : [...pathOf(desc.parent), IN_MESSAGE.extension, desc.parent.proto.extension.indexOf(desc.proto)];
    case 'service':
      return [IN_FILE.service, desc.file.proto.service.indexOf(desc.proto)];
    case 'rpc':
      return [...pathOf(desc.parent), ITEM, desc.parent.proto.method.indexOf(desc.proto)];
    case 'field':
      return [...pathOf(desc.parent), IN_MESSAGE.field, desc.parent.proto.field.indexOf(desc.proto)];
    case 'enum_value':
      return [...pathOf(desc.parent), ITEM, desc.parent.proto.value.indexOf(desc.proto)];
    case 'oneof':
      return [...pathOf(desc.parent), IN_MESSAGE.oneof, desc.parent.proto.oneofDecl.indexOf(desc.proto)];
  }
}
