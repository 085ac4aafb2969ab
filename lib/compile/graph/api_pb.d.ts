/** The protobuf classes that tfjs-node carries, as far as a graph needs them. */
declare module '@tensorflow/tfjs-node/dist/proto/api_pb.js' {
  class Message {
    serializeBinary(): Uint8Array;
  }
  class VersionDef extends Message {
    setProducer(version: number): void;
  }
  class TensorShape extends Message {
    addDim(dim: TensorShape.Dim): void;
  }
  namespace TensorShape {
    class Dim extends Message {
      setSize(size: number): void;
    }
  }
  class Tensor extends Message {
    setDtype(dtype: number): void;
    setTensorShape(shape: TensorShape): void;
    setTensorContent(bytes: Uint8Array): void;
    setStringValList(values: Uint8Array[]): void;
  }
  class AttrValue extends Message {
    setType(dtype: number): void;
    setShape(shape: TensorShape): void;
    setTensor(tensor: Tensor): void;
    setS(bytes: Uint8Array): void;
    setI(value: number): void;
    setF(value: number): void;
    setB(value: boolean): void;
    setList(list: AttrValue.ListValue): void;
  }
  namespace AttrValue {
    class ListValue extends Message {
      setTypeList(values: number[]): void;
      setIList(values: number[]): void;
      setFList(values: number[]): void;
      setBList(values: boolean[]): void;
    }
  }
  class NodeDef extends Message {
    setName(name: string): void;
    setOp(op: string): void;
    addInput(name: string): void;
    getAttrMap(): { set(name: string, value: AttrValue): void };
  }
  class GraphDef extends Message {
    addNode(node: NodeDef): void;
    setVersions(versions: VersionDef): void;
  }
  class MetaGraphDef extends Message {
    setMetaInfoDef(info: MetaGraphDef.MetaInfoDef): void;
    setGraphDef(graph: GraphDef): void;
    setSaverDef(saver: SaverDef): void;
    getCollectionDefMap(): { set(name: string, value: CollectionDef): void };
    getSignatureDefMap(): { set(name: string, value: SignatureDef): void };
  }
  namespace MetaGraphDef {
    class MetaInfoDef extends Message {
      addTags(tag: string): void;
    }
  }
  class SaverDef extends Message {
    setFilenameTensorName(name: string): void;
    setSaveTensorName(name: string): void;
    setRestoreOpName(name: string): void;
    setVersion(version: number): void;
  }
  class CollectionDef extends Message {
    setBytesList(list: CollectionDef.BytesList): void;
  }
  namespace CollectionDef {
    class BytesList extends Message {
      addValue(bytes: Uint8Array): void;
    }
  }
  class SignatureDef extends Message {
    setMethodName(name: string): void;
    getInputsMap(): { set(name: string, value: TensorInfo): void };
    getOutputsMap(): { set(name: string, value: TensorInfo): void };
  }
  class TensorInfo extends Message {
    setName(name: string): void;
    setDtype(dtype: number): void;
    setTensorShape(shape: TensorShape): void;
  }
  class SavedModel extends Message {
    setSavedModelSchemaVersion(version: number): void;
    addMetaGraphs(graph: MetaGraphDef): void;
  }
}
