// Runs ONNX models in ONNX Runtime, on one thread.
//
//   node check.mjs FOLDER
//
// FOLDER/NAME.onnx takes the tensor NAME of FOLDER/data.safetensors; what it gives becomes the tensor NAME of
// FOLDER/result.safetensors.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const headerStart = 8;

function readTensors(path) {
    const file = readFileSync(path);
    const dataStart = headerStart + Number(file.readBigUInt64LE());
    const header = JSON.parse(file.toString('utf8', headerStart, dataStart));
    return new Map(Object.entries(header).filter(([name]) => name !== '__metadata__').map(([name, entry]) => {
        const [begin, end] = entry.data_offsets;
        const bytes = new Uint8Array(file.subarray(dataStart + begin, dataStart + end));
        return [name, new Tensor('float32', new Float32Array(bytes.buffer), entry.shape)];
    }));
}

function writeTensors(path, tensors) {
    const header = {};
    let end = 0;
    for (const [name, tensor] of tensors) {
        header[name] = { dtype: 'F32', shape: tensor.dims, data_offsets: [end, end += tensor.data.byteLength] };
    }
    const json = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(headerStart);
    length.writeBigUInt64LE(BigInt(json.length));
    writeFileSync(path, Buffer.concat([length, json, ...[...tensors.values()].map(({ data }) =>
        Buffer.from(data.buffer, data.byteOffset, data.byteLength))]));
}

async function run(path, input) {
    // Warnings go to the error stream: severity 3 leaves errors.
    const session = await InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });
    const outputs = await session.run({ [session.inputNames[0]]: input });
    await session.release();
    return outputs[session.outputNames[0]];
}

const folder = process.argv[2];
const inputs = readTensors(join(folder, 'data.safetensors'));
const outputs = new Map();
for (const file of readdirSync(folder).filter(file => file.endsWith('.onnx'))) {
    const { name } = parse(file);
    try {
        outputs.set(name, await run(join(folder, file), inputs.get(name)));
    } catch (error) {
        throw new Error(`${file}: ${error.message}`);
    }
}
writeTensors(join(folder, 'result.safetensors'), outputs);
