import { cancelBatch, createBatch, listBatches, retrieveBatch } from './batches.ts';
import {
  createContainerFile,
  deleteContainerFile,
  listContainerFiles,
  readContainerFileContent,
  retrieveContainerFile,
} from './container-files.ts';
import { createContainer, deleteContainer, listContainers, retrieveContainer } from './containers.ts';
import {
  addConversationItems,
  createConversation,
  deleteConversation,
  deleteConversationItem,
  listConversationItems,
  retrieveConversation,
  retrieveConversationItem,
  updateConversation,
} from './conversations.ts';
import { deleteFile, listFiles, readFileContent, retrieveFile, uploadFile } from './files.ts';
import { get, onPath, type PathRoutes, post, remove } from './route-entry.ts';
import { addUploadPart, cancelUpload, completeUpload, createUpload } from './uploads.ts';
import {
  cancelFileBatch,
  createFileBatch,
  listFilesOfBatch,
  retrieveFileBatch,
} from './vector-store-batches.ts';
import {
  addVectorStoreFile,
  deleteVectorStoreFile,
  listVectorStoreFiles,
  readVectorStoreFile,
  retrieveVectorStoreFile,
  updateVectorStoreFile,
} from './vector-store-files.ts';
import {
  createVectorStore,
  deleteVectorStore,
  listVectorStores,
  retrieveVectorStore,
  searchVectorStore,
  updateVectorStore,
} from './vector-stores.ts';

/** Routes of what OpenAI keeps for its clients. */
export const OBJECT_ROUTES: readonly PathRoutes[] = [
  onPath('/v1/conversations', post(createConversation, 'none')),
  onPath(
    '/v1/conversations/{id}',
    get(retrieveConversation),
    post(updateConversation),
    remove(deleteConversation),
  ),
  onPath('/v1/conversations/{id}/items', get(listConversationItems), post(addConversationItems)),
  onPath('/v1/conversations/{id}/items/{id}', get(retrieveConversationItem), remove(deleteConversationItem)),
  onPath('/v1/files', get(listFiles), post(uploadFile, 'multipart')),
  onPath('/v1/files/{id}', get(retrieveFile), remove(deleteFile)),
  onPath('/v1/files/{id}/content', get(readFileContent)),
  onPath('/v1/uploads', post(createUpload)),
  onPath('/v1/uploads/{id}/parts', post(addUploadPart, 'multipart')),
  onPath('/v1/uploads/{id}/complete', post(completeUpload)),
  onPath('/v1/uploads/{id}/cancel', post(cancelUpload, 'none')),
  onPath('/v1/batches', get(listBatches), post(createBatch)),
  onPath('/v1/batches/{id}', get(retrieveBatch)),
  onPath('/v1/batches/{id}/cancel', post(cancelBatch, 'none')),
  onPath('/v1/vector_stores', get(listVectorStores), post(createVectorStore)),
  onPath(
    '/v1/vector_stores/{id}',
    get(retrieveVectorStore),
    post(updateVectorStore),
    remove(deleteVectorStore),
  ),
  onPath('/v1/vector_stores/{id}/search', post(searchVectorStore)),
  onPath('/v1/vector_stores/{id}/files', get(listVectorStoreFiles), post(addVectorStoreFile)),
  onPath(
    '/v1/vector_stores/{id}/files/{id}',
    get(retrieveVectorStoreFile),
    post(updateVectorStoreFile),
    remove(deleteVectorStoreFile),
  ),
  onPath('/v1/vector_stores/{id}/files/{id}/content', get(readVectorStoreFile)),
  onPath('/v1/vector_stores/{id}/file_batches', post(createFileBatch)),
  onPath('/v1/vector_stores/{id}/file_batches/{id}', get(retrieveFileBatch)),
  onPath('/v1/vector_stores/{id}/file_batches/{id}/cancel', post(cancelFileBatch, 'none')),
  onPath('/v1/vector_stores/{id}/file_batches/{id}/files', get(listFilesOfBatch)),
  onPath('/v1/containers', get(listContainers), post(createContainer)),
  onPath('/v1/containers/{id}', get(retrieveContainer), remove(deleteContainer)),
  onPath(
    '/v1/containers/{id}/files',
    get(listContainerFiles),
    post(createContainerFile, 'json-or-multipart'),
  ),
  onPath('/v1/containers/{id}/files/{id}', get(retrieveContainerFile), remove(deleteContainerFile)),
  onPath('/v1/containers/{id}/files/{id}/content', get(readContainerFileContent)),
];
