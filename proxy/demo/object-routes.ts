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
];
