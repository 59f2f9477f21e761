package io.caravan.camel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.modelmbean.InvalidTargetObjectTypeException;
import javax.management.modelmbean.ModelMBean;
import javax.management.modelmbean.ModelMBeanInfo;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedInstance;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.api.management.NotificationSenderAware;
import org.apache.camel.support.management.DefaultManagementMBeanAssembler;
import org.apache.camel.support.management.MixinRequiredModelMBean;
import org.apache.camel.support.management.NotificationSenderAdapter;
import org.jspecify.annotations.Nullable;

/**
 * MBeans as Camel makes them, but what a class of them has to show is found out once and not for each step of each route:
 * that took a third of a role's start.
 */
final class KnownBeans extends DefaultManagementMBeanAssembler {

    private static final Map<Class<?>, ModelMBeanInfo> KNOWN = new ConcurrentHashMap<>();

    KnownBeans(CamelContext context) {
        super(context);
    }

    /** Null for what is not to be managed, as Camel has it. */
    @Override
    public @Nullable ModelMBean assemble(MBeanServer server, Object managed, ObjectName name) throws JMException {
        if (showsMoreThanItsClass(managed)) {
            return super.assemble(server, managed, name);
        }
        ModelMBeanInfo info = KNOWN.get(managed.getClass());
        if (info == null) {
            info = assembler.getMBeanInfo(camelContext, managed, null, name.toString());
            if (info == null) {
                return null;
            }
            KNOWN.put(managed.getClass(), info);
        }
        var bean = new MixinRequiredModelMBean(info, Boolean.TRUE.equals(camelContext.getManagementStrategy().getManagementAgent().getMask()), null, null);
        try {
            bean.setManagedResource(managed, "ObjectReference");
        } catch (InvalidTargetObjectTypeException e) {
            throw new JMException(e.getMessage());
        }
        if (managed instanceof NotificationSenderAware sender) {
            sender.setNotificationSender(new NotificationSenderAdapter(bean));
        }
        return bean;
    }

    private static boolean showsMoreThanItsClass(Object managed) {
        Object inner = managed instanceof ManagedInstance instance ? instance.getInstance() : null;
        return inner != null && inner.getClass().isAnnotationPresent(ManagedResource.class);
    }
}
