import { MongoClient } from 'mongodb';
import { uuidv7 } from 'uuidv7';
import { type Contender, inTurn, PAGE, sampleIdentity } from './contender.js';

/** The official driver alone, as durable as the store is: what MongoDB itself takes. */
export async function bareMongo(uri: string, database: string, records: number): Promise<Contender> {
  const client = new MongoClient(uri, {
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
  });
  const collection = client.db(database).collection<{ _id: string; revision: number }>('bare');
  const make = async () => {
    const _id = `t/${uuidv7()}`;
    await collection.insertOne({ _id, revision: 1, ...sampleIdentity() } as never);
    return _id;
  };
  const ids: string[] = [];
  while (ids.length < records) ids.push(...(await Promise.all(Array.from({ length: 25 }, make))));
  const next = inTurn(ids);
  return {
    name: 'bare driver',
    run: {
      create: make,
      get: () => collection.findOne({ _id: next() }),
      list: () => collection.find().sort({ _id: -1 }).limit(PAGE).toArray(),
      // Read and replace where nobody came between, as every write of a record does.
      async update() {
        const found = await collection.findOne({ _id: next() });
        const { _id, revision } = found!;
        await collection.replaceOne({ _id, revision }, { ...found, revision: revision + 1 } as never);
      },
    },
    close: () => client.close(),
  };
}
