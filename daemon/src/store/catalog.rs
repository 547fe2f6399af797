//! Workflows and their revisions: what a transaction can do with them.

use rpa_engine::{Label, Workflow, WorkflowRef};

use super::codec::{decode, decode_front, encode};
use super::error::StoreError;
use super::query::Reader;
use super::rows::{RevisionHead, RevisionRow, WorkflowRow};
use super::schema::{self, NamespaceId};
use super::write::Tables;

impl Tables<'_> {
    /// The number of a namespace, which is made if it is new.
    pub fn namespace(&mut self, name: &Label) -> Result<NamespaceId, StoreError> {
        if let Some(id) = self.known_namespace(name)? {
            return Ok(id);
        }
        let next = u32::try_from(self.namespaces.iter()?.count())
            .map_err(|_| StoreError::corrupt("too many namespaces"))?;
        self.namespaces.insert(name.as_str(), next)?;
        Ok(NamespaceId(next))
    }

    /// The number of a namespace that is there.
    pub fn known_namespace(&self, name: &Label) -> Result<Option<NamespaceId>, StoreError> {
        Ok(self.namespaces.get(name.as_str())?.map(|id| NamespaceId(id.value())))
    }

    pub fn workflow(
        &self,
        namespace: NamespaceId,
        name: &Label,
    ) -> Result<Option<WorkflowRow>, StoreError> {
        let row = self.workflows.get((namespace.0, name.as_str()))?;
        row.map(|b| decode("workflow", b.value())).transpose()
    }

    pub fn put_workflow(
        &mut self,
        namespace: NamespaceId,
        row: &WorkflowRow,
    ) -> Result<(), StoreError> {
        self.workflows.insert((namespace.0, row.name.as_str()), encode(row)?.as_slice())?;
        Ok(())
    }

    pub fn revision(
        &self,
        namespace: NamespaceId,
        name: &Label,
        revision: u32,
    ) -> Result<Option<RevisionRow>, StoreError> {
        let row = self.revisions.get((namespace.0, name.as_str(), revision))?;
        row.map(|b| decode("revision", b.value())).transpose()
    }

    pub fn put_revision(
        &mut self,
        namespace: NamespaceId,
        name: &Label,
        revision: u32,
        row: &RevisionRow,
    ) -> Result<(), StoreError> {
        self.revisions.insert((namespace.0, name.as_str(), revision), encode(row)?.as_slice())?;
        Ok(())
    }

    /// The meaning of a revision.
    pub fn definition(
        &self,
        namespace: NamespaceId,
        workflow: &WorkflowRef,
        revision: u32,
    ) -> Result<Workflow, StoreError> {
        self.revision(namespace, &workflow.name, revision)?
            .map(|r| r.definition)
            .ok_or_else(|| StoreError::corrupt(format!("{workflow} has no revision {revision}")))
    }
}

impl Reader {
    /// The heads of a workflow's revisions below `before`, newest first.
    pub fn history(
        &self,
        namespace: NamespaceId,
        name: &Label,
        before: Option<u32>,
        most: usize,
    ) -> Result<Vec<(u32, RevisionHead)>, StoreError> {
        let key = |revision| (namespace.0, name.as_str(), revision);
        self.open(schema::REVISIONS)?
            .range(key(0)..key(before.unwrap_or(u32::MAX)))?
            .rev()
            .take(most)
            .map(|entry| {
                let (key, row) = entry?;
                // the first field of a `RevisionRow`
                Ok((key.value().2, decode_front("revision", row.value())?))
            })
            .collect()
    }
}
